#include "policy/address.h"

#include <ctype.h>
#include <string.h>

/* No part between full stops is empty. */
static bool is_dot_atom(const char *text, size_t len)
{
	if (len == 0 || text[0] == '.' || text[len - 1] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)text[i]) ||
		    (unsigned char)text[i] > '~' ||
		    strchr("<>(),;:\\[]\"@", text[i]) ||
		    (text[i] == '.' && text[i + 1] == '.'))
			return false;
	return true;
}

bool mail_address_ok(const char *address)
{
	const char *at = strchr(address, '@');

	return at && *address != '-' && strlen(address) <= ADDRESS_MAX &&
	    is_dot_atom(address, (size_t)(at - address)) &&
	    is_dot_atom(at + 1, strlen(at + 1));
}
