/* services/auth/web/page.c - pages, made of templates */
#include "services/auth/web/page.h"
#include "lib/base/embedded.h"
#include "lib/base/quote.h"
#include "services/auth/model/oauth.h"
#include "services/auth/web/fields.h"

#include <fcntl.h>
#include <unistd.h>

enum { PAGE_BYTES = 64 << 10, STYLE_BYTES = 256 << 10 };

extern const struct embedded auth_page_files[];

struct slice web_built_in(struct slice path)
{
	const struct embedded *file = auth_page_files;

	while (file->path && !slice_is(path, file->path))
		file++;
	return file->path ? embedded_slice(file) : (struct slice){ 0 };
}

static const struct {
	const char *heading;
	const char *file;
} pages[PAGES] = {
	[PAGE_SIGN_IN] = { "Sign in", "sign_in.html" },
	[PAGE_PROVE] = { "One more step", "prove.html" },
	[PAGE_CHOOSE] = { "One more step", "choose.html" },
	[PAGE_NEW_PASSWORD] = { "New password", "new_password.html" },
	[PAGE_SET_UP] = { "Protect your account", "set_up.html" },
	[PAGE_SIGN_UP] = { "Sign up", "sign_up.html" },
	[PAGE_CONFIRM] = { "Confirm your account", "confirm.html" },
	[PAGE_FORGOT] = { "Forgotten password", "forgot.html" },
	[PAGE_RESET] = { "New password", "reset.html" },
	[PAGE_SIGNED_OUT] = { "Signed out", "signed_out.html" },
	[PAGE_ERROR] = { "That did not work", "error.html" },
};

/* ---- templates ------------------------------------------------------------- */

static struct slice value_in(const struct web_value *values, size_t count,
			     struct slice name)
{
	for (size_t i = 0; i < count && values[i].name; i++)
		if (slice_is(name, values[i].name))
			return values[i].value;
	return (struct slice){ 0 };
}

static struct slice value_of(const struct web *w, struct slice name)
{
	struct slice value = { 0 };

	if (w->row)
		value = value_in(w->row->values, WEB_ROW_VALUES, name);
	return value.data ? value : value_in(w->values, w->value_count, name);
}

/* Cuts *rest behind the first `mark`; returns what stood before it. */
static struct slice cut_at(struct slice *rest, const char *mark)
{
	const uint8_t *at = memmem(rest->data, rest->size, mark, strlen(mark));
	size_t size = at ? (size_t)(at - rest->data) : rest->size;
	struct slice before = slice_make(rest->data, size);

	size += at ? strlen(mark) : 0;
	*rest = slice_make(rest->data + size, rest->size - size);
	return before;
}

/* Goes on behind the end of the part. */
static void pass_over(struct slice *rest, struct slice name)
{
	char end[64];

	snprintf(end, sizeof(end), "{{/%.*s}}", SLICE_ARGS(name));
	cut_at(rest, end);
}

static void put_words(struct buffer *b, struct slice english,
		      const struct web *w)
{
	struct slice text = web_words(w, english);

	while (text.size) {
		buffer_put_html(b, cut_at(&text, "{"));
		if (text.size)
			buffer_put_html(b, value_of(w, cut_at(&text, "}")));
	}
}

static void put_rows(struct buffer *b, struct slice text, struct web *w)
{
	for (size_t i = 0; i < w->row_count; i++) {
		w->row = &w->rows[i];
		web_fill(b, text, w);
	}
	w->row = NULL;
}

void web_fill(struct buffer *b, struct slice text, struct web *w)
{
	while (text.size) {
		struct slice name, rest;

		buffer_put_slice(b, cut_at(&text, "{{"));
		name = cut_at(&text, "}}");
		if (!name.size || name.data[0] == '/')
			continue;
		rest = slice_make(name.data + 1, name.size - 1);
		if (name.data[0] == '_')
			put_words(b, rest, w);
		else if (name.data[0] == '>')
			web_fill(b, web_built_in(rest), w);
		else if (name.data[0] == '*')
			put_rows(b, web_built_in(rest), w);
		else if (name.data[0] != '?')
			buffer_put_html(b, value_of(w, name));
		else if (!value_of(w, rest).size)
			pass_over(&text, rest);
	}
}

/* ---- the look -------------------------------------------------------------- */

static int read_file(const char *path, struct buffer *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = -1;

	while (fd >= 0 && !out->failed) {
		uint8_t piece[4096];

		size = read(fd, piece, sizeof(piece));
		if (size <= 0)
			break;
		buffer_put(out, piece, (size_t)size);
	}
	if (fd >= 0)
		close(fd);
	return size == 0 && !out->failed ? 0 : -E_INVALID;
}

const struct web_look *web_look_new(const char *title, const char *style_file,
				    const struct web_look *before,
				    struct fault *fault)
{
	struct web_look *look = calloc(1, sizeof(*look));
	struct buffer style;
	uint8_t *copy;

	if (!look)
		abort(); /* lack of memory ends the process */
	buffer_init(&style, STYLE_BYTES);
	if (!style_file || !*style_file)
		buffer_put_slice(&style, web_built_in(SLICE("style.css")));
	else if (read_file(style_file, &style))
		fault_set(fault, E_INVALID,
			  "auth.page_style: cannot read '%s', or it has more "
			  "than %d bytes",
			  style_file, STYLE_BYTES);
	copy = malloc(buffer_size(&style) + 1);
	if (!copy)
		abort();
	memcpy(copy, buffer_slice(&style).data, buffer_size(&style));
	*look =
	    (struct web_look){ .before = before,
			       .title = title,
			       .style = slice_make(copy, buffer_size(&style)) };
	buffer_release(&style);
	if (!fault->code)
		return look;
	look->before = NULL;
	web_look_free(look);
	return NULL;
}

void web_look_free(const struct web_look *look)
{
	while (look) {
		const struct web_look *before = look->before;

		free((void *)look->style.data);
		free((void *)look);
		look = before;
	}
}

void web_style(struct web *w)
{
	web_line(w, "content-type", SLICE("text/css; charset=utf-8"));
	web_line(w, "cache-control", SLICE("public, max-age=300"));
	web_line(w, "x-content-type-options", SLICE("nosniff"));
	http_respond(w->request, 200, w->lines, w->line_count,
		     atomic_load(&auth_of(&w->call)->look)->style);
}

/* ---- a page ---------------------------------------------------------------- */

void web_say(struct web *w, const char *name, struct slice value)
{
	if (!value.size || w->value_count == WEB_VALUES_MAX)
		return;
	w->values[w->value_count].name = name;
	w->values[w->value_count++].value = value;
}

void web_say_rules(struct web *w)
{
	const struct auth_rules *rules = auth_rules_of(&w->call);
	const struct {
		bool wanted;
		const char *name;
	} parts[] = { { rules->upper, "upper" },
		      { rules->lower, "lower" },
		      { rules->digit, "digit" },
		      { rules->symbol, "symbol" } };

	web_say(w, "least",
		slice_of(arena_printf(w->call.mem, "%lld",
				      (long long)rules->password_min)));
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].wanted)
			web_say(w, parts[i].name, SLICE("1"));
}

/* A form's answer may send the browser to the app, which a browser counts as
 * the form's own aim. */
static struct slice policy(struct web *w)
{
	struct slice app = w->ask.known
			       ? auth_redirect_origin(w->ask.redirect_uri)
			       : (struct slice){ 0 };

	return slice_of(arena_printf(
	    w->call.mem,
	    "default-src 'none'; style-src 'self'; form-action 'self' %.*s; "
	    "frame-ancestors 'none'; base-uri 'none'",
	    SLICE_ARGS(app)));
}

static void add_lines(struct web *w)
{
	web_line(w, "content-type", SLICE("text/html; charset=utf-8"));
	web_line(w, "content-security-policy", policy(w));
	web_line(w, "cache-control", SLICE("no-store"));
	web_line(w, "referrer-policy", SLICE("no-referrer"));
	web_line(w, "x-content-type-options", SLICE("nosniff"));
	web_line(w, "x-frame-options", SLICE("DENY"));
	web_line_retry(w);
}

/* What nobody has translated is English on any page. */
static void say_why(struct web *w, struct slice message)
{
	struct slice words = web_words(w, message);

	web_say(w, "message", words);
	if (w->texts.size && words.data == message.data)
		web_say(w, "foreign", SLICE("en"));
}

static void say_common(struct web *w, enum web_page page)
{
	const struct web_look *look = atomic_load(&auth_of(&w->call)->look);

	web_say(w, "title", slice_of(look->title));
	web_say(w, "heading", web_words(w, slice_of(pages[page].heading)));
	web_say(w, "language", w->language);
	web_say_name(w, page == PAGE_SIGN_UP || page == PAGE_CONFIRM);
	if (!auth_pool_of(&w->call)->closed)
		web_say(w, "open", SLICE("1"));
	if (auth_pool_recovers(auth_pool_of(&w->call)))
		web_say(w, "recovers", SLICE("1"));
	if (w->ask.known) {
		web_say(w, "query", w->text);
		web_say(w, "word", web_form_word(w));
	}
	if (call_failed(&w->call))
		say_why(w, slice_of(w->call.fault.message));
}

/* A browser shows its own page for some of the statuses that our codes have at
 * the other doors. */
static int status_of(const struct call *c)
{
	int status = fault_row(c->fault.code)->status;

	return !call_failed(c)					 ? 200
	       : status >= 500 || status == 429 || status == 403 ? status
								 : 400;
}

void web_show(struct web *w, enum web_page page)
{
	struct buffer out;

	call_status(&w->call);
	say_common(w, page);
	add_lines(w);
	buffer_init(&out, PAGE_BYTES);
	out.wipes = true;
	web_fill(&out, web_built_in(SLICE("top.html")), w);
	web_fill(&out, web_built_in(slice_of(pages[page].file)), w);
	web_fill(&out, web_built_in(SLICE("bottom.html")), w);
	http_respond(w->request, status_of(&w->call), w->lines, w->line_count,
		     buffer_slice(&out));
	buffer_release(&out);
}
