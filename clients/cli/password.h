/* clients/cli/password.h - a password, never from the command line
 *
 * With --password-stdin the first line of standard input, else typed at the
 * terminal without an echo. The caller wipes it.
 */
#ifndef PARLOR_CLI_PASSWORD_H
#define PARLOR_CLI_PASSWORD_H

#include "clients/cli/cli.h"

enum { PASSWORD_MAX = 257 }; /* with its NUL */

int password_read(struct cli *, const char *prompt,
		  char password[PASSWORD_MAX]);

#endif
