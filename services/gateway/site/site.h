/* services/gateway/site/site.h - the web client that the gateway serves
 *
 * The folder is read whole when the settings are: a request touches no disk, so
 * no path leads out of the folder, and what is not a regular file (a link) or
 * has a name with a leading dot is not served. Each file has an ETag of its
 * bytes, and perhaps precompressed siblings (NAME.br, NAME.gz) that go out in
 * its place. Files under /assets/ carry a hash in their names and may be kept
 * for ever; all others are asked for anew. A page may load, and talk to, only
 * what its Content-Security-Policy names.
 *
 * /config.json tells the page where the suite is. It is there without a folder
 * too, for a page that is served elsewhere.
 *
 * The room: from a path to a file of the page. It knows no route and calls no
 * one; routes come first.
 */
#ifndef PARLOR_GATEWAY_SITE_H
#define PARLOR_GATEWAY_SITE_H

#include "lib/base/fault.h"
#include "lib/crypto/snapshot.h"
#include "lib/net/http_server.h"

enum { SITE_BYTES = 64 << 20, SITE_FILES = 10000, SITE_DEPTH = 16 };

struct site_options {
	const char *root; /* NULL: no page */
	const char *issuer, *user_pool_id, *client_id, *region;
	/* public URLs; of the gateway "": where the page came from */
	const char *gateway, *auth, *kv;
};

struct site;
struct site_page;

/* Any thread may look into it; replaced whole by a snapshot. NULL, with words
 * that name the setting, when the folder cannot be read or passes a limit. */
struct site *site_new(const struct site_options *, struct fault *);
struct snapshot_value *site_value(struct site *);
/* One that was not given to a snapshot. */
void site_free(struct site *);

/* The page for a request's path: a file, or index.html for "/" and for a path
 * without a dot that a browser goes to (it accepts text/html): the client's own
 * routes. NULL: there is none. `site` may be NULL. */
const struct site_page *site_find(const struct site *, struct http_request *);

enum { SITE_MORE_HEADERS = 8 };

/* Answers GET or HEAD with it, or says that what the client has still holds. */
void site_answer(const struct site *, const struct site_page *,
		 struct http_request *, const struct http_header *more,
		 size_t count);

#endif
