/* services/auth/web/web.c - from an HTTP request to the row of its path */
#include "services/auth/web/web.h"
#include "lib/base/clock.h"
#include "lib/meter/log.h"
#include "lib/meter/request.h"
#include "services/auth/api/api.h"
#include "services/auth/web/page.h"

enum { FORM_BYTES = 64 << 10 };

static const struct web_route routes[] = {
	{ "/oauth2/authorize", "Authorize", web_authorize, web_authorize,
	  WEB_PAGE | WEB_ASK },
	{ "/login", "SignInPage", web_show_sign_in, web_sign_in,
	  WEB_PAGE | WEB_ASK | WEB_OWN },
	{ "/login/prove", "ProvePage", NULL, web_prove,
	  WEB_PAGE | WEB_ASK | WEB_OWN },
	{ "/login/setup", "SetUpPage", NULL, web_set_up,
	  WEB_PAGE | WEB_ASK | WEB_OWN },
	{ "/signup", "SignUpPage", web_show_sign_up, web_sign_up,
	  WEB_PAGE | WEB_ASK | WEB_OWN },
	{ "/confirm", "ConfirmPage", web_show_confirm, web_confirm,
	  WEB_PAGE | WEB_ASK | WEB_OWN },
	{ "/confirm/resend", "ResendPage", NULL, web_resend,
	  WEB_PAGE | WEB_ASK | WEB_OWN },
	{ "/forgotPassword", "ForgotPage", web_show_forgot, web_forgot,
	  WEB_PAGE | WEB_ASK | WEB_OWN },
	{ "/forgotPassword/reset", "ResetPage", NULL, web_reset,
	  WEB_PAGE | WEB_ASK | WEB_OWN },
	{ "/logout", "LogoutPage", web_logout, web_logout, WEB_PAGE },
	{ "/login/style.css", "Style", web_style, NULL, WEB_PAGE },
	{ "/oauth2/token", "Token", NULL, web_token, 0 },
	{ "/oauth2/userInfo", "UserInfo", web_user_info, web_user_info, 0 },
	{ "/oauth2/revoke", "Revoke", NULL, web_revoke, 0 },
};

enum { ROUTES = sizeof(routes) / sizeof(*routes) };

static struct request_metrics metrics[ROUTES];

static const struct web_route *route_of(struct slice path)
{
	for (size_t i = 0; i < ROUTES; i++)
		if (slice_is(path, routes[i].path))
			return &routes[i];
	return NULL;
}

static bool is_post(const struct web *w)
{
	return slice_is(w->request->method, "POST");
}

/* ---- answers --------------------------------------------------------------- */

void web_line(struct web *w, const char *name, struct slice value)
{
	if (w->line_count < WEB_LINES_MAX && http_is_clean(value))
		w->lines[w->line_count++] =
		    (struct http_header){ slice_of(name), value };
}

void web_line_retry(struct web *w)
{
	int ms = w->call.fault.retry_after_ms;

	if (ms)
		web_line(w, "retry-after",
			 slice_of(arena_printf(w->call.mem, "%d",
					       (ms + 999) / 1000)));
}

void web_go(struct web *w, struct slice where)
{
	web_line(w, "location", where);
	web_line(w, "cache-control", SLICE("no-store"));
	web_line(w, "referrer-policy", SLICE("no-referrer"));
	http_respond(w->request, 303, w->lines, w->line_count,
		     (struct slice){ 0 });
}

static void refuse_method(struct web *w)
{
	const struct web_route *route = w->route;

	web_line(w, "allow",
		 !route->get	? SLICE("POST")
		 : !route->post ? SLICE("GET, HEAD")
				: SLICE("GET, HEAD, POST"));
	http_respond(w->request, 405, w->lines, w->line_count,
		     SLICE("method not allowed\n"));
}

/* ---- questions ------------------------------------------------------------- */

static void over(struct http_request *request, int status, uint64_t sent)
{
	const struct web *w = request->user;
	const struct call *c = &w->call;
	int64_t took = (clock_monotonic_ns() - c->started_ns) / 1000;

	request_metrics_count(&metrics[w->route - routes], c->fault.code, took);
	log_request(&(struct log_request){
	    .operation = w->route->name,
	    .peer = c->peer,
	    .code = request_outcome(c->fault.code),
	    .principal = SLICE("anonymous"),
	    .status = status,
	    .microseconds = took,
	    .bytes_in = request->body.size,
	    .bytes_out = sent,
	});
}

static bool is_ours(const struct http_request *request)
{
	return request->on_end == over;
}

/* The arena was empty a moment ago: no maximum is so small. */
static struct web *web_new(struct http_request *request,
			   const struct web_route *route, struct auth *auth)
{
	struct web *w = arena_zalloc(&request->mem, sizeof(*w));

	if (!w)
		abort();
	call_init(&w->call, &request->mem);
	w->call.service = auth;
	w->call.loop = request->loop;
	w->call.thread = auth->thread();
	w->call.peer = request->peer;
	w->call.host = request->host;
	w->call.started_ns = request->started_ns;
	w->request = request;
	w->route = route;
	request->user = w;
	request->on_end = over;
	request->secret = true;
	request->body_max = FORM_BYTES;
	return w;
}

static void begin(struct http_request *request, void *arg)
{
	const struct web_route *route = route_of(request->path);

	if (!route)
		auth_well_known.begin(request, arg);
	else
		web_new(request, route, arg);
}

static void read_forms(struct web *w)
{
	struct call *c = &w->call;

	form_read(&w->query, w->request->query, c->mem, &c->fault);
	if (!is_post(w) || call_failed(c) || !w->request->body.size)
		return;
	if (form_is_type(
		http_header_find(&w->request->headers, "content-type")))
		form_read(&w->form, w->request->body, c->mem, &c->fault);
	else
		call_fail(c, E_OAUTH_REQUEST,
			  "the body is not "
			  "application/x-www-form-urlencoded");
}

/* OpenID Connect lets an app post its request to the first page; all others have
 * it in their address. */
static void read_ask(struct web *w)
{
	bool posted = is_post(w) && !(w->route->flags & WEB_OWN);
	const struct form *from = posted ? &w->form : &w->query;

	w->text = posted ? w->request->body : w->request->query;
	w->ask = (struct auth_authorize){
		.client_id = form_value(from, "client_id"),
		.redirect_uri = form_value(from, "redirect_uri"),
		.response_type = form_value(from, "response_type"),
		.response_mode = form_value(from, "response_mode"),
		.scope = form_value(from, "scope"),
		.state = form_value(from, "state"),
		.nonce = form_value(from, "nonce"),
		.challenge = form_value(from, "code_challenge"),
		.challenge_method = form_value(from, "code_challenge_method"),
		.prompt = form_value(from, "prompt"),
		.max_age = form_value(from, "max_age"),
		.id_hint = form_value(from, "id_token_hint"),
		.request = form_value(from, "request"),
		.request_uri = form_value(from, "request_uri"),
	};
	auth_authorize_check(&w->call, &w->ask);
}

static void handle(struct http_request *request, void *arg)
{
	struct web *w = request->user;
	bool get = slice_is(request->method, "GET") ||
		   slice_is(request->method, "HEAD");
	void (*run)(struct web *);

	if (!is_ours(request)) {
		auth_well_known.handle(request, arg);
		return;
	}
	run = get ? w->route->get : is_post(w) ? w->route->post : NULL;
	if (!run) {
		refuse_method(w);
		return;
	}
	read_forms(w);
	if (w->route->flags & WEB_PAGE)
		web_choose_language(w);
	if (w->route->flags & WEB_ASK)
		read_ask(w);
	if (is_post(w) && w->route->flags & WEB_OWN)
		web_form_check(w);
	if (call_failed(&w->call))
		web_refuse(w);
	else
		run(w);
}

const struct http_handler auth_web = { .begin = begin, .handle = handle };

void *web_operation(struct web *w, size_t size)
{
	void *operation = arena_zalloc(w->call.mem, size);

	if (!operation) {
		call_status(&w->call);
		web_refuse(w);
	}
	return operation;
}

/* ---- refusals -------------------------------------------------------------- */

/* What OAuth calls otherwise than lib/base/fault.h. */
static const struct {
	int code;
	const char *name;
} names[] = { { E_INVALID, "invalid_request" },
	      { E_PARAMETER, "invalid_request" },
	      { E_MISSING, "invalid_client" },
	      { E_NOT_AUTHORIZED, "invalid_grant" },
	      { E_UNAUTHORIZED, "invalid_grant" },
	      { E_TOKEN_REUSED, "invalid_grant" },
	      { E_UNSUPPORTED_TOKEN, "unsupported_token_type" },
	      { E_DENIED, "access_denied" },
	      { E_UNAVAILABLE, "temporarily_unavailable" },
	      { E_TOO_MANY_REQUESTS, "temporarily_unavailable" },
	      { 0 } };

const char *web_error(const struct call *c)
{
	int code = c->fault.code;

	for (size_t i = 0; names[i].name; i++)
		if (names[i].code == code)
			return names[i].name;
	return code >= E_OAUTH_REQUEST && code <= E_OAUTH_REQUEST_URI
		   ? fault_row(code)->aws
		   : "server_error";
}

void web_refuse(struct web *w)
{
	if (w->ask.known && w->call.fault.code != E_DENIED)
		web_go_with_error(w);
	else if (w->route->flags & WEB_PAGE)
		web_show(w, PAGE_ERROR);
	else
		web_json_refuse(w);
}
