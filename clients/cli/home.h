/* clients/cli/home.h - the user's own files
 *
 * They lie in $PARLOR_HOME, else $XDG_CONFIG_HOME/parlor, else
 * ~/.config/parlor: a folder of mode 0700, files of 0600 that are replaced
 * whole or not at all.
 */
#ifndef PARLOR_CLI_HOME_H
#define PARLOR_CLI_HOME_H

#include "clients/cli/cli.h"

/* The path of a file there ("profiles/default.json"); NULL and failed when the
 * user has no home. */
const char *home_path(struct cli *, const char *name);

/* Writes it, making folders as needed. */
int home_write(struct cli *, const char *path, struct slice content);

/* Holds a lock of that name until home_unlock; its handle, or -1 if it can't be
 * had (the caller goes on without). */
int home_lock(struct cli *, const char *name);
void home_unlock(int lock);

#endif
