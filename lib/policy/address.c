#include "policy/address.h"

#include <ctype.h>
#include <string.h>

bool mail_address_ok(const char *address)
{
	const char *at = strchr(address, '@');

	if (!at || at == address || !at[1] || strchr(at + 1, '@') ||
	    *address == '-' || strlen(address) > ADDRESS_MAX)
		return false;
	for (const char *p = address; *p; p++)
		if (!isgraph((unsigned char)*p) || (unsigned char)*p > 0x7e ||
		    strchr("<>(),;:\\[]\"", *p))
			return false;
	return true;
}
