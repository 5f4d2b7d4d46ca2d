/* lib/function/failure.h - a fault on its way through a socket
 *
 * Codes travel by their wire names (Connect's and AWS's), so that a function
 * built against another list of codes is still understood.
 */
#ifndef PARLOR_FUNCTION_FAILURE_H
#define PARLOR_FUNCTION_FAILURE_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

/* The bytes of a parlor.function.v1.Failure; empty when the arena is full. */
struct slice failure_pack(const struct fault *, struct arena *);

/* Sets the fault to what the bytes say; details live in the arena. Bytes that
 * are no Failure set E_INTERNAL. */
void failure_unpack(struct slice bytes, struct arena *, struct fault *);

#endif
