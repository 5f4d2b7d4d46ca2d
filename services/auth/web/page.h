/* services/auth/web/page.h - pages, made of templates
 *
 * A template is a file of pages/, built into the program: HTML in which
 * {{name}} stands for a value, {{?name}}…{{/name}} for what is shown where
 * there is one, {{_Text}} for a text in the page's language, in which {name}
 * stands for a value, {{>file}} for another template, and {{*file}} for one that
 * is filled once a row, whose values come before the page's. A value is escaped
 * always and by nobody else, so it is text wherever it stands; templates have
 * values in text and in quoted attributes only.
 */
#ifndef PARLOR_AUTH_PAGE_H
#define PARLOR_AUTH_PAGE_H

#include "services/auth/web/web.h"

enum web_page {
	PAGE_SIGN_IN,
	PAGE_PROVE,
	PAGE_CHOOSE,
	PAGE_NEW_PASSWORD,
	PAGE_SET_UP,
	PAGE_SIGN_UP,
	PAGE_CONFIRM,
	PAGE_FORGOT,
	PAGE_RESET,
	PAGE_SIGNED_OUT,
	PAGE_ERROR,
	PAGES,
};

/* What the settings say of all pages; replaced whole. */
struct web_look {
	const struct web_look *before; /* replaced by this one */
	const char *title;
	struct slice style;
};

/* NULL with words when the file of the style can't be read. `before` may be
 * NULL. */
const struct web_look *web_look_new(const char *title, const char *style_file,
				    const struct web_look *before,
				    struct fault *);
/* With all that were before. */
void web_look_free(const struct web_look *);

/* Sets a value of the page to come; what is empty is not shown. */
void web_say(struct web *, const char *name, struct slice value);

/* Chooses the language: one that the app asks for (`lang` as Cognito has it,
 * `ui_locales`), or the browser's, or else English. */
void web_choose_language(struct web *);

/* What a text of ours is in the page's language: the same, where nobody has
 * translated it. */
struct slice web_words(const struct web *, struct slice english);

/* The bytes of a file of pages/; empty where there is none. */
struct slice web_built_in(struct slice path);

/* Says what a new password must have, for rules.html. */
void web_say_rules(struct web *);

/* Answers with the page. When the call has failed its words are the page's
 * `message`, and the status is an error's. */
void web_show(struct web *, enum web_page);

/* Appends a template filled with the web's values, the first of a name. */
void web_fill(struct buffer *, struct slice text, struct web *);

#endif
