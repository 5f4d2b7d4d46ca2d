/* services/auth/tune.h - parlor-auth tune: Argon2id fitted to a machine
 *
 * All threads that hash do so at once, as under load, each with its share of a
 * quarter of the memory that is free; what comes out are lines for parlor.yaml.
 */
#ifndef PARLOR_AUTH_TUNE_H
#define PARLOR_AUTH_TUNE_H

#include "lib/daemon/daemon.h"

extern const struct daemon_command auth_commands[];

#endif
