/* services/auth/op/post.h - how letters leave this daemon, as its settings say
 *
 * Made anew by each reload; those before stay until the end, since somebody may
 * still be writing by them.
 */
#ifndef PARLOR_AUTH_POST_H
#define PARLOR_AUTH_POST_H

#include "services/auth/mail/mail.h"
#include "services/auth/mail/templates.h"

struct auth_post {
	struct auth_mail mail;
	struct auth_templates *templates;
	struct auth_post *before;
};

/* NULL with words when a template is not as it should be. */
struct auth_post *auth_post_new(const struct auth_mail *,
				struct auth_post *before, struct fault *);

/* With those before. */
void auth_post_free(struct auth_post *);

/* Can anything leave? */
static inline bool auth_post_is_open(const struct auth_post *post)
{
	return post->mail.dir && *post->mail.dir;
}

/* Writes the letter and lets it leave. Blocks. `when` in milliseconds. Returns 0
 * or -E_CODE_DELIVERY with words. */
int auth_post_deliver(const struct auth_post *, const struct auth_letter *,
		      int64_t when, struct fault *);

#endif
