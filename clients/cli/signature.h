/* clients/cli/signature.h - the administrator's signature on a request */
#ifndef PARLOR_CLI_SIGNATURE_H
#define PARLOR_CLI_SIGNATURE_H

#include "clients/cli/cli.h"
#include "lib/net/http.h"

enum { SIGNATURE_HEADERS = 3 };

/* The headers of AWS Signature Version 4 for a POST to that service of AWS's, made
 * with the key in the file that the endpoints name; NULL and failed when it can't
 * be read. */
const struct http_header *signature_make(struct cli *, const char *service,
					 const char *path, struct slice body,
					 const char *host);

#endif
