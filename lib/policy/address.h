#ifndef POLICY_ADDRESS_H
#define POLICY_ADDRESS_H

#include <stdbool.h>

/*
 * Is it a mail address that may stand in a header as it is: a plain addr-spec
 * (RFC 5322, 3.4.1; dot-atoms only), ASCII, at most ADDRESS_MAX bytes, with
 * nothing in it that a header or a command line reads otherwise.
 */
#define ADDRESS_MAX 254 /* RFC 5321, 4.5.3.1.3, without its brackets */

bool mail_address_ok(const char *address);

#endif
