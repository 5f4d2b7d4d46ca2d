/* services/gateway/site/site.c - the web client that the gateway serves */
#include "services/gateway/site/site.h"
#include "lib/base/map.h"
#include "lib/base/quote.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/hash.h"
#include "services/gateway/site/folder.h"

#include <stdlib.h>

enum { ETAG_BYTES = 12, CONFIG_MAX = 16384, OWN_HEADERS = 8 };

/* Bytes that may go out for a path, and what they are known by. */
struct form {
	struct slice bytes;
	char etag[BASE64_SIZE(ETAG_BYTES) + 3];
};

struct site_page {
	struct slice path;
	struct form plain;
	const struct form *brotli, *gzip; /* its siblings', or NULL */
	struct slice type;
};

struct site {
	struct snapshot_value shared;
	struct arena mem;
	struct map pages; /* by path */
	struct slice policy;
};

/* ---- making ----------------------------------------------------------------
 */

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".css", "text/css; charset=utf-8" },
	{ ".html", "text/html; charset=utf-8" },
	{ ".ico", "image/x-icon" },
	{ ".jpg", "image/jpeg" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".json", "application/json" },
	{ ".map", "application/json" },
	{ ".mjs", "text/javascript; charset=utf-8" },
	{ ".png", "image/png" },
	{ ".svg", "image/svg+xml" },
	{ ".txt", "text/plain; charset=utf-8" },
	{ ".wasm", "application/wasm" },
	{ ".webmanifest", "application/manifest+json" },
	{ ".webp", "image/webp" },
	{ ".woff2", "font/woff2" },
};

static bool ends_with(struct slice path, const char *ending)
{
	struct slice end = slice_of(ending);

	return path.size > end.size &&
	       slice_is(slice_make(path.data + path.size - end.size, end.size),
			ending);
}

static struct slice type_of(struct slice path)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (ends_with(path, types[i].ending))
			return slice_of(types[i].type);
	return SLICE("application/octet-stream");
}

static void put_etag(struct form *form)
{
	uint8_t hash[HASH_SIZE];
	size_t size;

	hash_sha256(form->bytes, hash);
	form->etag[0] = '"';
	size = base64url_encode(slice_make(hash, ETAG_BYTES), form->etag + 1);
	form->etag[size + 1] = '"';
}

static void add_page(struct site *site, struct slice path, struct slice bytes)
{
	struct site_page *page = arena_zalloc(&site->mem, sizeof(*page));

	if (!page)
		return; /* the arena says so */
	page->path = path;
	page->plain.bytes = bytes;
	page->type = type_of(path);
	put_etag(&page->plain);
	map_put(&site->pages, path, page);
}

static void add_file(struct folder *f, struct slice path, struct slice bytes)
{
	add_page(f->arg, path, bytes);
}

/* The page that this one is a compressed form of. */
static struct site_page *original(const struct site *site,
				  const struct site_page *page,
				  const char *ending)
{
	return ends_with(page->path, ending)
		   ? map_find(&site->pages,
			      slice_make(page->path.data,
					 page->path.size - strlen(ending)))
		   : NULL;
}

static void join_siblings(struct site *site)
{
	struct slice path;
	void *value;

	for (size_t at = 0; map_next(&site->pages, &at, &path, &value);) {
		const struct site_page *page = value;
		struct site_page *of_brotli = original(site, page, ".br");
		struct site_page *of_gzip = original(site, page, ".gz");

		if (of_brotli)
			of_brotli->brotli = &page->plain;
		if (of_gzip)
			of_gzip->gzip = &page->plain;
	}
}

static void put_member(struct buffer *json, const char *name, const char *value)
{
	buffer_put_byte(json, buffer_size(json) ? ',' : '{');
	buffer_put_quoted(json, slice_of(name));
	buffer_put_byte(json, ':');
	buffer_put_quoted(json, slice_of(value));
}

static void add_config(struct site *site, const struct site_options *o)
{
	struct buffer json;

	buffer_init(&json, CONFIG_MAX);
	put_member(&json, "issuer", o->issuer);
	put_member(&json, "userPoolId", o->user_pool_id);
	put_member(&json, "clientId", o->client_id);
	put_member(&json, "auth", o->auth);
	put_member(&json, "kv", o->kv);
	put_member(&json, "gateway", o->gateway);
	put_member(&json, "region", o->region);
	buffer_put_text(&json, "}\n");
	add_page(site, SLICE("/config.json"),
		 arena_slice(&site->mem, buffer_slice(&json)));
	buffer_release(&json);
}

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

static void make_policy(struct site *site, const struct site_options *o)
{
	site->policy = slice_of(arena_printf(
	    &site->mem,
	    "default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self' data:; font-src 'self'; manifest-src 'self'; "
	    "worker-src 'self'; connect-src 'self' %s %s %s; "
	    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	    or_nothing(o->gateway), or_nothing(o->auth), or_nothing(o->kv)));
}

void site_free(struct site *site)
{
	map_release(&site->pages);
	arena_release(&site->mem);
	free(site);
}

static void free_value(struct snapshot_value *value)
{
	site_free((struct site *)value);
}

static void read_root(struct site *site, const char *root, struct fault *fault)
{
	struct folder folder = { .mem = &site->mem,
				 .files_max = SITE_FILES,
				 .depth_max = SITE_DEPTH,
				 .add = add_file,
				 .arg = site };
	struct fault why;

	fault_clear(&why);
	if (folder_read(&folder, root, &why) != 0)
		fault_set(fault, E_INVALID, "gateway.web_root: %s",
			  why.message);
	else if (!map_find(&site->pages, SLICE("/index.html")))
		fault_set(fault, E_INVALID,
			  "gateway.web_root: '%s' has no index.html", root);
}

struct site *site_new(const struct site_options *options, struct fault *fault)
{
	struct site *site = calloc(1, sizeof(*site));

	if (!site)
		abort(); /* lack of memory ends the process */
	site->shared.free = free_value;
	arena_init(&site->mem, SITE_BYTES);
	map_init(&site->pages);
	if (options->root)
		read_root(site, options->root, fault);
	join_siblings(site);
	add_config(site, options);
	make_policy(site, options);
	if (site->mem.full)
		fault_set(fault, E_INVALID,
			  "gateway.web_root: more than %d bytes", SITE_BYTES);
	if (!fault->code)
		return site;
	site_free(site);
	return NULL;
}

struct snapshot_value *site_value(struct site *site)
{
	return &site->shared;
}

/* ---- finding ---------------------------------------------------------------
 */

static bool is_navigation(const struct http_request *r)
{
	struct slice accept = http_header_find(&r->headers, "accept");

	while (accept.size) {
		struct slice range = slice_cut(&accept, ',');

		if (slice_is(slice_trim(slice_cut(&range, ';')), "text/html"))
			return true;
	}
	return false;
}

const struct site_page *site_find(const struct site *site,
				  struct http_request *r)
{
	const struct site_page *page;
	struct slice path;

	if (!site || http_percent_decode(&r->mem, r->path, false, &path) != 0)
		return NULL;
	page = map_find(&site->pages, path);
	if (!page && (slice_is(path, "/") ||
		      (!memchr(path.data, '.', path.size) && is_navigation(r))))
		page = map_find(&site->pages, SLICE("/index.html"));
	return page;
}

/* ---- answering -------------------------------------------------------------
 */

/* The form that goes out; sets its encoding, empty for the plain one. */
static const struct form *choose(const struct site_page *page,
				 const struct http_request *r,
				 struct slice *encoding)
{
	struct slice takes = http_header_find(&r->headers, "accept-encoding");

	if (page->brotli && http_takes(takes, "br")) {
		*encoding = SLICE("br");
		return page->brotli;
	}
	if (page->gzip && http_takes(takes, "gzip")) {
		*encoding = SLICE("gzip");
		return page->gzip;
	}
	*encoding = SLICE("");
	return &page->plain;
}

/* Has the client these very bytes? */
static bool holds(const struct http_request *r, const struct form *form)
{
	struct slice list = http_header_find(&r->headers, "if-none-match");

	while (list.size) {
		struct slice tag = slice_trim(slice_cut(&list, ','));

		if (slice_starts(tag, SLICE("W/")))
			tag = slice_make(tag.data + 2, tag.size - 2);
		if (slice_is(tag, form->etag) || slice_is(tag, "*"))
			return true;
	}
	return false;
}

static struct http_header line(const char *name, struct slice value)
{
	return (struct http_header){ slice_of(name), value };
}

static struct slice cache_control(const struct site_page *page)
{
	return slice_starts(page->path, SLICE("/assets/"))
		   ? SLICE("public, max-age=31536000, immutable")
		   : SLICE("no-cache");
}

void site_answer(const struct site *site, const struct site_page *page,
		 struct http_request *r, const struct http_header *more,
		 size_t count)
{
	struct http_header headers[SITE_MORE_HEADERS + OWN_HEADERS];
	struct slice encoding;
	const struct form *form = choose(page, r, &encoding);

	memcpy(headers, more, count * sizeof(*more));
	headers[count++] = line("etag", slice_of(form->etag));
	headers[count++] = line("cache-control", cache_control(page));
	if (page->brotli || page->gzip)
		headers[count++] = line("vary", SLICE("accept-encoding"));
	headers[count++] = line("content-security-policy", site->policy);
	headers[count++] = line("x-content-type-options", SLICE("nosniff"));
	headers[count++] = line("referrer-policy", SLICE("no-referrer"));
	if (holds(r, form)) {
		http_respond(r, 304, headers, count, SLICE(""));
		return;
	}
	headers[count++] = line("content-type", page->type);
	if (encoding.size)
		headers[count++] = line("content-encoding", encoding);
	http_respond(r, 200, headers, count, form->bytes);
}
