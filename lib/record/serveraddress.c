#include "record/serveraddress.h"

#include <string.h>
#include <sys/utsname.h>

#include "base/buf.h"

const char *server_address(struct arena *arena)
{
	struct utsname host;
	struct buf buf;

	buf_init(&buf, arena, sizeof(host.nodename) + sizeof(SERVER_NAME) + 1);
	buf_adds(&buf, SERVER_NAME "@");
	if (uname(&host) < 0 || !host.nodename[0])
		memcpy(host.nodename, "localhost", sizeof("localhost"));
	for (const char *p = host.nodename; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') ||
		    (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
		    *p == '-' || *p == '.' || *p == '_';

		buf_addc(&buf, plain ? *p : '_');
	}
	return buf.p;
}
