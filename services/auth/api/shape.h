/* services/auth/api/shape.h - is a request of the form that Cognito's have?
 *
 * All of its members, those of structures and lists in it too, are looked at
 * before anything else is (shapes.h). What depends on more than the one member is
 * the operation's to check.
 */
#ifndef PARLOR_AUTH_SHAPE_H
#define PARLOR_AUTH_SHAPE_H

#include "lib/rpc/call.h"
#include "lib/rpc/descriptor.h"

/* Is the call's request, a message of that type, of its shape? -E_PARAMETER with
 * Cognito's words, all of them, if not. */
int api_shape_check(struct call *, const struct descriptor_message *);

#endif
