/* clients/cli/endpoints.h - where the suite is
 *
 * The file endpoints.json that a suite writes when it is ready: the one that
 * --endpoints or PARLOR_ENDPOINTS names, else ./var/endpoints.json, else the
 * one in the user's config directory.
 */
#ifndef PARLOR_CLI_ENDPOINTS_H
#define PARLOR_CLI_ENDPOINTS_H

#include "clients/cli/cli.h"

/* Reads it into c->endpoints, once. -E_UNAVAILABLE when there is none. */
int endpoints_need(struct cli *);

#endif
