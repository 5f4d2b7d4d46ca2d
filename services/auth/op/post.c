/* services/auth/op/post.c - how letters leave this daemon, as its settings say */
#include "services/auth/op/post.h"

/* The one that stands in for all others must have every letter. */
static int check_language(const struct auth_mail *mail,
			  const struct auth_templates *templates,
			  struct fault *fault)
{
	const struct slice none = { 0 };

	for (int kind = 0; kind < AUTH_LETTERS; kind++)
		if (!auth_templates_find(templates, kind, none, mail->language))
			return fault_set(fault, E_INVALID,
					 "auth.mail_language: there is no "
					 "letter '%s' in '%s'",
					 auth_letter_name(kind),
					 mail->language);
	return 0;
}

struct auth_post *auth_post_new(const struct auth_mail *mail,
				struct auth_post *before, struct fault *fault)
{
	struct auth_templates *templates =
	    auth_templates_new(mail->templates, fault);
	struct auth_post *post;

	if (!templates || check_language(mail, templates, fault)) {
		auth_templates_free(templates);
		return NULL;
	}
	post = malloc(sizeof(*post));
	if (!post)
		abort(); /* lack of memory ends the process */
	*post = (struct auth_post){ *mail, templates, before };
	return post;
}

void auth_post_free(struct auth_post *post)
{
	while (post) {
		struct auth_post *before = post->before;

		auth_templates_free(post->templates);
		free(post);
		post = before;
	}
}

int auth_post_write(const struct auth_post *post,
		    const struct auth_letter *letter, int64_t when,
		    struct slice unique, struct buffer *out,
		    struct fault *fault)
{
	buffer_init(out, AUTH_MESSAGE_MAX);
	out->wipes = true;
	auth_message_put(out, &post->mail,
			 auth_templates_find(post->templates, letter->kind,
					     letter->locale,
					     post->mail.language),
			 letter, when, unique);
	if (!out->failed)
		return 0;
	return fault_set(fault, E_CODE_DELIVERY,
			 "The letter is longer than %d bytes.",
			 AUTH_MESSAGE_MAX);
}
