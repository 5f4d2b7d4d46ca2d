/* services/auth/web/cookie.c - what a browser keeps of us
 *
 * Two cookies, out of any script's reach and not sent along with what other
 * sites load or post: who has signed in, and a word that nobody knows, from which
 * the word of our forms follows. They have the pool's id in their names: a browser
 * may know somebody of each pool. Behind https the names also say that no other
 * host, and nobody on the way, can have set them.
 */
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/seal.h"
#include "services/auth/op/browser.h"
#include "services/auth/web/web.h"

enum { WORD_BYTES = 16, WORD_LETTERS = 22 };

#define BROWSER "parlor-browser"
#define FORM "parlor-form"

static bool is_secure(const struct web *w)
{
	return slice_starts(slice_of(auth_realm_of(&w->call)->issuer),
			    SLICE("https://"));
}

static const char *name_of(const struct web *w, const char *name)
{
	return arena_printf(w->call.mem, "%s%s-%s",
			    is_secure(w) ? "__Host-" : "", name,
			    auth_realm_of(&w->call)->pool_id);
}

static struct slice find(const struct web *w, const char *name)
{
	name = name_of(w, name);
	return name ? http_cookie_find(&w->request->headers, name)
		    : (struct slice){ 0 };
}

/* `seconds` -1: until the browser is closed. */
static void set(struct web *w, const char *name, struct slice value,
		int64_t seconds)
{
	const char *age = seconds < 0
			      ? ""
			      : arena_printf(w->call.mem, "; Max-Age=%lld",
					     (long long)seconds);
	const char *line =
	    arena_printf(w->call.mem,
			 "%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s",
			 name_of(w, name), SLICE_ARGS(value),
			 is_secure(w) ? "; Secure" : "", age ? age : "");

	web_line(w, "set-cookie", slice_of(line));
}

struct slice web_browser(const struct web *w)
{
	return find(w, BROWSER);
}

void web_browser_keep(struct web *w, struct slice cookie)
{
	set(w, BROWSER, cookie, AUTH_BROWSER_MS / 1000);
}

void web_browser_forget(struct web *w)
{
	set(w, BROWSER, SLICE("-"), 0);
}

static struct slice text(struct web *w, const uint8_t bytes[WORD_BYTES])
{
	char *letters = arena_alloc(w->call.mem, BASE64_SIZE(WORD_BYTES));

	return letters
		   ? slice_make(letters,
				base64url_encode(slice_make(bytes, WORD_BYTES),
						 letters))
		   : (struct slice){ 0 };
}

static struct slice word_of(struct web *w, struct slice cookie)
{
	const struct slice pieces[] = { SLICE("form word/"), cookie };
	uint8_t bytes[SEAL_KEY];

	seal_derive(auth_of(&w->call)->seal, pieces, 2, bytes);
	return text(w, bytes);
}

struct slice web_form_word(struct web *w)
{
	struct slice cookie = find(w, FORM);
	uint8_t bytes[WORD_BYTES];

	if (cookie.size != WORD_LETTERS) {
		random_bytes(bytes, WORD_BYTES);
		cookie = text(w, bytes);
		set(w, FORM, cookie, -1);
	}
	return word_of(w, cookie);
}

int web_form_check(struct web *w)
{
	struct slice cookie = find(w, FORM), word = web_field(w, "word");

	if (cookie.size == WORD_LETTERS &&
	    slice_equal_secret(word, word_of(w, cookie)))
		return 0;
	return call_fail(&w->call, E_DENIED,
			 "The form is none of this page's, or your browser "
			 "keeps no cookies.");
}
