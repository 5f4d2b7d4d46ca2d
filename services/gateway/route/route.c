/* services/gateway/route/route.c - what the gateway answers, and who does it */
#include "services/gateway/route/route.h"
#include "lib/base/map.h"

#include <stdio.h>
#include <stdlib.h>

enum { TABLE_BYTES = 16 << 20, ROUTES_MAX = 4096 };

struct route_table {
	struct arena mem;
	struct route *routes[ROUTES_MAX];
	size_t count;
	struct map rpcs;     /* by path: Connect routes */
	struct route **rest; /* in the order they are tried */
	size_t rest_count;
};

static const char *const verbs[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

struct route_table *route_table_new(void)
{
	struct route_table *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	arena_init(&t->mem, TABLE_BYTES);
	map_init(&t->rpcs);
	return t;
}

void route_table_free(struct route_table *t)
{
	if (!t)
		return;
	map_release(&t->rpcs);
	arena_release(&t->mem);
	free(t->rest);
	free(t);
}

/* ---- making ----------------------------------------------------------------
 */

static struct route *new_route(struct route_table *t, const char *key,
			       const struct descriptor_method *method,
			       const struct route_options *options,
			       struct fault *fault)
{
	struct route *route = arena_zalloc(&t->mem, sizeof(*route));
	char *path =
	    arena_printf(&t->mem, "/%.*s/%.*s", SLICE_ARGS(method->service),
			 SLICE_ARGS(method->name));

	if (!route || !path || t->count == ROUTES_MAX) {
		fault_set(fault, E_INVALID, "more than %zu routes", t->count);
		return NULL;
	}
	route->path = path;
	route->rpc = path + 1;
	route->operation = path + method->service.size + 2;
	route->key = key ? arena_copy(&t->mem, key, strlen(key)) : route->rpc;
	route->method = method;
	route->options = *options;
	route->options.target =
	    arena_copy(&t->mem, options->target, strlen(options->target));
	route->index = t->count;
	t->routes[t->count++] = route;
	return route;
}

static const struct descriptor_method *find_rpc(
    const struct route_options *options, const char *rpc)
{
	const struct descriptor_method *method = NULL;

	for (size_t i = 0; !method && options->sets[i]; i++)
		method =
		    descriptor_method_find(options->sets[i], slice_of(rpc));
	return method;
}

/* The field of a parameter: one value that a segment can be. */
static const struct descriptor_field *find_field(const struct route *route,
						 struct slice name)
{
	const struct descriptor_field *field =
	    descriptor_field_by_json(route->method->input, name);

	return field && !field->repeated && field->type != TYPE_MESSAGE &&
		       field->type != TYPE_GROUP
		   ? field
		   : NULL;
}

static int bind_parameters(struct route *route, struct fault *fault)
{
	for (size_t i = 0; i < route->template.count; i++) {
		struct slice name = route->template.segments[i].text;

		if (!route->template.segments[i].parameter)
			continue;
		route->fields[i] = find_field(route, name);
		if (!route->fields[i])
			return fault_set(
			    fault, E_INVALID,
			    "'%s': '%.*s' is no single-valued field of '%.*s'",
			    route->key, SLICE_ARGS(name),
			    SLICE_ARGS(route->method->input->name));
	}
	return 0;
}

static bool is_verb(struct slice verb)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (slice_is(verb, verbs[i]))
			return true;
	return false;
}

static int parse_key(struct route *route, struct fault *fault)
{
	struct slice rest = slice_of(route->key);
	struct fault why;

	fault_clear(&why);
	route->verb = slice_cut(&rest, ' ');
	if (!is_verb(route->verb))
		return fault_set(fault, E_INVALID,
				 "'%s' does not begin with GET, POST, PUT, "
				 "PATCH or DELETE and a space",
				 route->key);
	if (template_parse(&route->template, rest, &why) != 0)
		return fault_set(fault, E_INVALID, "'%s': %s", route->key,
				 why.message);
	return bind_parameters(route, fault);
}

int route_table_add_rest(struct route_table *t, const char *key,
			 const char *rpc, const struct route_options *options,
			 struct fault *fault)
{
	const struct descriptor_method *method = find_rpc(options, rpc);
	struct route *route;

	if (!method)
		return fault_set(fault, E_INVALID, "'%s': no rpc '%s'", key,
				 rpc);
	if (method->server_streams || method->client_streams)
		return fault_set(fault, E_INVALID,
				 "'%s': '%s' streams, which REST cannot", key,
				 rpc);
	route = new_route(t, key, method, options, fault);
	if (!route || parse_key(route, fault) != 0)
		return -fault->code;
	route->rest = true;
	for (size_t i = 0; i + 1 < t->count; i++)
		if (t->routes[i]->rest &&
		    slice_equal(t->routes[i]->verb, route->verb) &&
		    template_compare(&t->routes[i]->template,
				     &route->template) == 0)
			return fault_set(fault, E_INVALID,
					 "'%s' and '%s' fit the same paths",
					 t->routes[i]->key, key);
	return 0;
}

int route_table_add_service(struct route_table *t, const char *service,
			    const struct route_options *options,
			    struct fault *fault)
{
	const struct descriptor_method *method;
	size_t before = t->count;

	/* the first set that has it, wholly */
	for (size_t s = 0; options->sets[s] && t->count == before; s++) {
		for (size_t i = 0;
		     (method = descriptor_method_at(options->sets[s], i));
		     i++) {
			struct route *route;

			if (!slice_is(method->service, service) ||
			    method->client_streams)
				continue;
			route = new_route(t, NULL, method, options, fault);
			if (!route)
				return -fault->code;
			map_put(&t->rpcs, slice_of(route->path), route);
		}
	}
	if (t->count == before)
		return fault_set(fault, E_INVALID,
				 "no service '%s' in the descriptors", service);
	return 0;
}

static int compare_rest(const void *a, const void *b)
{
	const struct route *const *one = a;
	const struct route *const *two = b;

	return template_compare(&(*one)->template, &(*two)->template);
}

void route_table_finish(struct route_table *t)
{
	t->rest = calloc(t->count + 1, sizeof(struct route *));
	if (!t->rest)
		abort();
	for (size_t i = 0; i < t->count; i++)
		if (t->routes[i]->rest)
			t->rest[t->rest_count++] = t->routes[i];
	qsort(t->rest, t->rest_count, sizeof(struct route *), compare_rest);
}

size_t route_table_count(const struct route_table *t)
{
	return t->count;
}

const struct route *route_table_at(const struct route_table *t, size_t i)
{
	return t->routes[i];
}

/* ---- finding ---------------------------------------------------------------
 */

static void allow(struct route_match *match, struct slice verb)
{
	size_t used = strlen(match->allow);

	if (memmem(match->allow, used, verb.data, verb.size))
		return;
	snprintf(match->allow + used, sizeof(match->allow) - used, "%s%.*s",
		 used ? ", " : "", SLICE_ARGS(verb));
}

/* "/parlor.game.v1.Matches/GetMatch": two segments, a dot in the first. */
static bool looks_like_rpc(struct slice path)
{
	struct slice rest = path, service;

	slice_cut(&rest, '/');
	if (!rest.size || !memchr(rest.data, '/', rest.size))
		return false;
	service = slice_cut(&rest, '/');
	return memchr(service.data, '.', service.size) &&
	       !memchr(rest.data, '/', rest.size);
}

static int match_rpc(const struct route *route, struct slice verb,
		     struct route_match *match)
{
	bool get =
	    route->method->no_side_effects && !route->method->server_streams;

	match->connect = true;
	match->route = route;
	if (slice_is(verb, "POST") || (get && slice_is(verb, "GET")))
		return 0;
	if (get)
		allow(match, SLICE("GET"));
	allow(match, SLICE("POST"));
	return -E_HTTP_METHOD;
}

static bool verb_fits(const struct route *route, struct slice verb)
{
	return slice_equal(route->verb, verb) ||
	       (slice_is(verb, "HEAD") && slice_is(route->verb, "GET"));
}

/* The first, in order, that fits in path and verb. */
static int match_rest(const struct route_table *t, struct slice verb,
		      struct slice path, struct route_match *match)
{
	const struct route *other = NULL;

	for (size_t i = 0; i < t->rest_count; i++) {
		const struct route *route = t->rest[i];

		if (!template_match(&route->template, path, match->values))
			continue;
		match->route = route;
		if (verb_fits(route, verb))
			return 0;
		other = route;
		allow(match, route->verb);
		if (slice_is(route->verb, "GET"))
			allow(match, SLICE("HEAD"));
	}
	match->route = other;
	return other ? -E_HTTP_METHOD : -E_HTTP_NOT_FOUND;
}

int route_find(const struct route_table *t, struct slice verb,
	       struct slice path, struct route_match *match)
{
	const struct route *rpc = map_find(&t->rpcs, path);

	match->route = NULL;
	match->connect = false;
	match->allow[0] = '\0';
	if (rpc)
		return match_rpc(rpc, verb, match);
	match->connect = looks_like_rpc(path);
	return match_rest(t, verb, path, match);
}
