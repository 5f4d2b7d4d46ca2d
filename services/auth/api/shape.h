/* services/auth/api/shape.h - what members of Cognito's requests may look like
 *
 * A row a member: Cognito has one shape for each name, whatever the operation.
 * And a row an operation: which members must be there. What depends on anything
 * else, the pool's rules, a list's or a map's members, is the operation's to check.
 */
#ifndef PARLOR_AUTH_SHAPE_H
#define PARLOR_AUTH_SHAPE_H

#include "lib/rpc/call.h"
#include "lib/rpc/descriptor.h"

/* Is the call's request, a message of that type, of its shape? -E_PARAMETER with
 * Cognito's words, all of them, if not. */
int api_shape_check(struct call *, const struct descriptor_message *);

#endif
