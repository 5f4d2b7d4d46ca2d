/* services/auth/mail/templates.h - the texts of letters, by language
 *
 * Files named LANGUAGE/LETTER.txt and LANGUAGE/LETTER.html, LANGUAGE as in RFC
 * 5646 ("de", "pt-BR"), LETTER one of letter.h's names: UTF-8, in which
 * {username} and {####} (the code or temporary password) stand for what they say.
 * A .txt begins with "Subject: …" and an empty line; a .html is what stands for
 * {content} in layout.html. They are built in; an operator's folder holds those
 * that are to be otherwise, or in other languages. A text of the operator's own
 * that has no HTML beside it goes out as text alone.
 */
#ifndef PARLOR_AUTH_TEMPLATES_H
#define PARLOR_AUTH_TEMPLATES_H

#include "lib/base/fault.h"
#include "services/auth/model/letter.h"

enum { AUTH_LANGUAGE_MAX = 35 };

struct auth_template {
	const char *language;
	struct slice subject, text;
	struct slice html, layout; /* empty: text alone */
};

struct auth_templates;

/* Reads the folder, NULL or "" for none, over what is built in. NULL with words
 * that name the file, and what is wrong with it. */
struct auth_templates *auth_templates_new(const char *folder, struct fault *);
void auth_templates_free(struct auth_templates *);

/* The letter in the language of that locale ("de-AT", "de_AT"), in that of its
 * first part, or else in `otherwise`; NULL when that isn't there either. */
const struct auth_template *auth_templates_find(const struct auth_templates *,
						enum auth_letter_kind,
						struct slice locale,
						const char *otherwise);

#endif
