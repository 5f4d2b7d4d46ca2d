/* services/auth/settings.h - parlor-auth's own settings, a row each */
#ifndef PARLOR_AUTH_SETTINGS_H
#define PARLOR_AUTH_SETTINGS_H

#include "lib/daemon/daemon.h"
#include "services/auth/mail/mail.h"
#include "services/auth/op/auth.h"

struct auth_settings {
	struct daemon_settings common;
	struct auth_rules rules;
	struct auth_mail mail;
	const char *seal_key;
	struct auth_rates rates;
	const char *page_title, *page_style;
};

extern const struct setting auth_settings[];

enum { AUTH_HASH_THREADS_MAX = 256 };

/* How many threads hash: the setting, or one per processor. */
size_t auth_hash_threads(const struct auth_rules *);

/* Are they possible together? */
int auth_settings_check(const void *settings, struct fault *);

#endif
