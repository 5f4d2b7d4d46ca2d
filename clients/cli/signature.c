/* clients/cli/signature.c - the administrator's signature on a request */
#include "clients/cli/signature.h"
#include "clients/cli/document.h"
#include "lib/base/clock.h"
#include "lib/crypto/sigv4.h"

#define SIGNED_HEADERS "host;x-amz-content-sha256;x-amz-date"

/* What is signed, by name. */
struct covered {
	const char *host, *date, *hash;
};

static struct slice covered_header(void *request, struct slice name)
{
	const struct covered *covered = request;

	if (slice_is(name, "host"))
		return slice_of(covered->host);
	if (slice_is(name, "x-amz-date"))
		return slice_of(covered->date);
	if (slice_is(name, "x-amz-content-sha256"))
		return slice_of(covered->hash);
	return slice_make(NULL, 0);
}

static const char *sign(struct cli *c, const char *id, const char *secret,
			const char *service, const char *path,
			const struct covered *covered)
{
	struct sigv4_request request = { .method = SLICE("POST"),
					 .path = slice_of(path),
					 .query = SLICE(""),
					 .header = covered_header,
					 .request = (void *)(uintptr_t)covered,
					 .body_sha256 =
					     slice_of(covered->hash) };

	return sigv4_sign(&request, SIGNED_HEADERS, id, secret,
			  c->endpoints.region, service, covered->date, &c->mem);
}

const struct http_header *signature_make(struct cli *c, const char *service,
					 const char *path, struct slice body,
					 const char *host)
{
	const char *file = c->endpoints.admin ? c->endpoints.admin : "";
	json_t *key = document_read(file);
	const char *id = document_text(&c->mem, key, "access_key_id");
	const char *secret = document_text(&c->mem, key, "secret_access_key");
	struct http_header *headers =
	    arena_array(&c->mem, SIGNATURE_HEADERS, sizeof(*headers));
	char *date = arena_alloc(&c->mem, SIGV4_DATE);
	char *hash = arena_alloc(&c->mem, HASH_HEX);

	json_decref(key);
	if (!id || !secret) {
		cli_fail(c, E_DENIED,
			 "cannot read the administrator's key in '%s'", file);
		return NULL;
	}
	sigv4_date(clock_wall_ms(), date);
	hash_sha256_hex(body, hash);
	headers[0] =
	    (struct http_header){ SLICE("x-amz-date"), slice_of(date) };
	headers[1] = (struct http_header){ SLICE("x-amz-content-sha256"),
					   slice_of(hash) };
	headers[2] = (struct http_header){
		SLICE("authorization"),
		slice_of(sign(c, id, secret, service, path,
			      &(struct covered){ host, date, hash }))
	};
	return headers;
}
