#ifndef RECORD_SERVERADDRESS_H
#define RECORD_SERVERADDRESS_H

#include "base/arena.h"

/* "stagegate@HOST": who writes the ledger and sends mail, never from the
 * environment.  What of the host's name is not plain is made so. */
#define SERVER_NAME "stagegate"

const char *server_address(struct arena *arena);

#endif
