/* services/auth/web/web.h - the pool's third door: browsers, and apps by OAuth
 *
 * A request of plain HTTP is a call here as it is at the other doors: a row of
 * the table names its path, its parameters are read once, and the same operations
 * answer it, with a page or with JSON. What an app asked for
 * (op/authorize.h) stands in the query of each page's address and is checked
 * anew each time, so that nothing is kept between two pages but what the browser
 * holds.
 *
 * A page runs no script, loads nothing from elsewhere and can't be framed. Its
 * forms carry a word that only a page of ours has, and that fits the browser's
 * cookie.
 *
 * The room: forms, cookies, pages, OAuth's answers. It calls op and api alone.
 */
#ifndef PARLOR_AUTH_WEB_H
#define PARLOR_AUTH_WEB_H

#include "lib/net/form.h"
#include "lib/net/http_server.h"
#include "services/auth/op/authorize.h"

/* All of parlor-auth's plain HTTP; its arg is the struct auth. */
extern const struct http_handler auth_web;

enum { WEB_VALUES_MAX = 24, WEB_ROW_VALUES = 10, WEB_LINES_MAX = 12 };

struct web;

struct web_value {
	const char *name; /* NULL: of none */
	struct slice value;
};

/* What a page says several times, of one thing after the other. */
struct web_row {
	struct web_value values[WEB_ROW_VALUES];
};

struct web_route {
	const char *path;
	const char *name;	    /* in the log */
	void (*get)(struct web *);  /* NULL: there is none */
	void (*post)(struct web *); /* of a form */
	unsigned flags;
};

enum web_flag {
	WEB_PAGE = 1 << 0, /* answers with a page; else with JSON */
	WEB_ASK = 1 << 1,  /* an app has sent the browser: `ask` */
	WEB_OWN = 1 << 2,  /* its form is of a page of ours */
};

/* A request while it is served, in its own memory. */
struct web {
	struct call call; /* the first: a call's web is its address */
	struct http_request *request;
	const struct web_route *route;
	struct form query, form; /* of the address, and of the body */
	struct slice text;	 /* the query that `ask` is from */
	struct auth_authorize ask;
	struct web_value values[WEB_VALUES_MAX]; /* for the page */
	size_t value_count;
	const struct web_row *rows, *row; /* and the one that is being said */
	size_t row_count;
	struct slice language, texts; /* the page's: "de", and its file */
	struct http_header lines[WEB_LINES_MAX]; /* of the answer */
	size_t line_count;
};

static inline struct web *web_of(struct call *c)
{
	return (struct web *)c;
}

/* Cleared memory for an operation's struct; NULL, and answered, when there is no
 * more. */
void *web_operation(struct web *, size_t size);

/* Adds a line to the answer. */
void web_line(struct web *, const char *name, struct slice value);

/* Adds when to come again, where the call's fault says it. */
void web_line_retry(struct web *);

/* Sends the browser there, by GET. */
void web_go(struct web *, struct slice where);

/* Answers with the call's fault: to the app, where that is known, by the
 * browser; else by a page or by JSON. */
void web_refuse(struct web *);

/* A form's field; null data when it was not filled in. */
static inline struct slice web_field(const struct web *w, const char *name)
{
	return form_value(&w->form, name);
}

/* ---- apps ------------------------------------------------------------------ */

/* Makes a code for the user, who has signed in at `auth_time` (seconds), and
 * sends the browser back to the app with it. */
void web_grant(struct web *, const struct auth_user *, int64_t auth_time);

/* Sends it back with OAuth's name for the call's fault. */
void web_go_with_error(struct web *);

struct web_client {
	struct slice id, secret; /* null data: none was given */
};

/* Who asks at an endpoint for apps, by HTTP Basic or in the form, and whether it
 * proves it. Fails the call with E_OAUTH_CLIENT or E_OAUTH_REQUEST. */
int web_client_read(struct web *, struct web_client *);

/* Answers with JSON that nobody may keep. */
void web_json(struct web *, int status, struct slice json);

/* With the fault as RFC 6749 has it (5.2). */
void web_json_refuse(struct web *);

/* OAuth's name for the call's fault. */
const char *web_error(const struct call *);

/* ---- cookies --------------------------------------------------------------- */

/* The cookie of a browser in which somebody has signed in (op/browser.h). */
struct slice web_browser(const struct web *);
void web_browser_keep(struct web *, struct slice cookie);
void web_browser_forget(struct web *);

/* The word for a page's forms; makes the browser's cookie where it has none. */
struct slice web_form_word(struct web *);

/* Has the form the word that fits the cookie? E_DENIED if not. */
int web_form_check(struct web *);

/* ---- what rows name -------------------------------------------------------- */

void web_authorize(struct web *);
void web_show_sign_in(struct web *);
void web_sign_in(struct web *);
void web_prove(struct web *);
void web_set_up(struct web *);
void web_show_sign_up(struct web *);
void web_sign_up(struct web *);
void web_show_confirm(struct web *);
void web_confirm(struct web *);
void web_resend(struct web *);
void web_show_forgot(struct web *);
void web_forgot(struct web *);
void web_reset(struct web *);
void web_logout(struct web *);
void web_style(struct web *);
void web_token(struct web *);
void web_user_info(struct web *);
void web_revoke(struct web *);

#endif
