/* services/auth/op/post.h - how letters leave this daemon, as its settings say
 *
 * Made anew by each reload; those before stay until the end, since somebody may
 * still be writing by them.
 */
#ifndef PARLOR_AUTH_POST_H
#define PARLOR_AUTH_POST_H

#include "services/auth/mail/message.h"

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

/* Where letters go. */
static inline bool auth_post_has_folder(const struct auth_post *post)
{
	return post->mail.dir && *post->mail.dir;
}

static inline bool auth_post_has_server(const struct auth_post *post)
{
	return post->mail.smtp && *post->mail.smtp;
}

/* Writes the letter as it travels. `when` in milliseconds; `unique` as
 * auth_message_put has it. Returns 0 or -E_CODE_DELIVERY with words. */
int auth_post_write(const struct auth_post *, const struct auth_letter *,
		    int64_t when, struct slice unique, struct buffer *,
		    struct fault *);

#endif
