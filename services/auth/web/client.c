/* services/auth/web/client.c - what the endpoints for apps have in common */
#include "lib/base/quote.h"
#include "lib/crypto/base64.h"
#include "services/auth/web/web.h"

enum { JSON_BYTES = 4096, BASIC_BYTES = 1024 };

/* ---- answers --------------------------------------------------------------- */

void web_json(struct web *w, int status, struct slice json)
{
	web_line(w, "content-type", SLICE("application/json"));
	web_line(w, "cache-control", SLICE("no-store"));
	web_line(w, "pragma", SLICE("no-cache"));
	http_respond(w->request, status, w->lines, w->line_count, json);
}

static int status_of(const struct call *c)
{
	int status = fault_row(c->fault.code)->status;

	if (strcmp(web_error(c), "invalid_client") == 0)
		return 401;
	return status >= 500 || status == 429 ? status : 400;
}

void web_json_refuse(struct web *w)
{
	struct call *c = &w->call;
	int status = status_of(c);
	struct buffer b;

	if (status == 401)
		web_line(w, "www-authenticate",
			 SLICE("Basic realm=\"parlor\""));
	web_line_retry(w);
	buffer_init(&b, JSON_BYTES + 6 * FAULT_TEXT);
	buffer_put_text(&b, "{\"error\":");
	buffer_put_quoted(&b, slice_of(web_error(c)));
	buffer_put_text(&b, ",\"error_description\":");
	buffer_put_quoted(&b, slice_of(c->fault.message));
	buffer_put_byte(&b, '}');
	web_json(w, status, buffer_slice(&b));
	buffer_release(&b);
}

/* ---- who asks -------------------------------------------------------------- */

/* "Basic BASE64(ID:SECRET)", both percent-encoded (RFC 6749, 2.3.1). */
static int read_basic(struct web *w, struct slice header,
		      struct web_client *client)
{
	struct slice scheme = slice_cut(&header, ' '), pair;
	struct arena *mem = w->call.mem;
	uint8_t bytes[BASIC_BYTES];
	size_t size;

	if (slice_equal_nocase(scheme, SLICE("basic")) &&
	    BASE64_BYTES(header.size) <= BASIC_BYTES &&
	    !base64_decode(header, bytes, &size)) {
		pair = slice_make(bytes, size);
		client->id = slice_cut(&pair, ':');
		if (!http_percent_decode(mem, client->id, true, &client->id) &&
		    !http_percent_decode(mem, pair, true, &client->secret))
			return 0;
	}
	return call_fail(&w->call, E_OAUTH_CLIENT,
			 "authorization: is not HTTP Basic");
}

int web_client_read(struct web *w, struct web_client *client)
{
	struct slice header =
	    http_header_find(&w->request->headers, "authorization");
	struct slice id = web_field(w, "client_id");

	*client = (struct web_client){ id, web_field(w, "client_secret") };
	if (header.data && client->secret.data)
		return call_fail(&w->call, E_OAUTH_REQUEST,
				 "client_secret: is in two places");
	if (header.data && read_basic(w, header, client))
		return -w->call.fault.code;
	if (id.data && !slice_equal(id, client->id))
		return call_fail(&w->call, E_OAUTH_REQUEST,
				 "client_id: is not the one in authorization");
	if (!client->secret.size)
		client->secret = (struct slice){ 0 };
	return auth_client_prove(&w->call, client->id, client->secret);
}
