/* tests/wire/rpc/echo_service.h - the operations of tests/proto, in C
 *
 * Served by the unit test of dispatch and by echo_daemon, which the npm clients
 * talk to. Everybody may call all but WhoAmI.
 */
#ifndef PARLOR_TESTS_ECHO_SERVICE_H
#define PARLOR_TESTS_ECHO_SERVICE_H

#include "lib/rpc/descriptor.h"
#include "lib/rpc/op.h"

extern const struct op_service echo_services[];

/* The most bytes that ever waited for a reader, over all streams. */
size_t echo_most_waiting(void);

/* The set with the service in it; loaded once and kept. */
const struct descriptor_set *echo_descriptors(void);

#endif
