/* services/gateway/route/route.h - what the gateway answers, and who does it
 *
 * A table of routes is made from the settings and never changes; with new
 * settings another takes its place. A route is either an rpc under its own path
 * ("/parlor.game.v1.Matches/GetMatch", the Connect protocol passed through) or a
 * verb and a template, whose parameters and JSON become the rpc's message. What
 * there is to know of the rpc comes from its descriptor.
 *
 * The room: from a request's first line to its route. It knows no header and no
 * back end but by name.
 */
#ifndef PARLOR_GATEWAY_ROUTE_H
#define PARLOR_GATEWAY_ROUTE_H

#include "lib/rpc/descriptor.h"
#include "services/gateway/route/template.h"

struct route_table;

/* What the settings say of a route or of all routes of a service. */
struct route_options {
	const struct descriptor_set *const
	    *sets;	    /* where rpcs are, NULL-ended */
	const char *target; /* a back end's name */
	size_t backend;	    /* its number */
	bool anybody;	    /* no authorizer: also without a token */
	int64_t timeout_ms;
};

struct route {
	const char *key;       /* as in the settings; an rpc's for Connect */
	const char *rpc;       /* "parlor.game.v1.Matches/GetMatch" */
	const char *path;      /* the same with a slash: where it is sent */
	const char *operation; /* "GetMatch" */
	const struct descriptor_method *method;
	struct route_options options;
	size_t index; /* in the table */
	/* of a REST route */
	bool rest;
	struct slice verb;
	struct path_template template;
	/* what each parameter of the template is in the rpc's message */
	const struct descriptor_field *fields[TEMPLATE_SEGMENTS_MAX];
};

struct route_table *route_table_new(void);
void route_table_free(struct route_table *);

/* "GET /matches/{match_id}" for `rpc`. Returns 0, or -E_INVALID with words: the
 * key is no route or fits the same paths as another, the rpc is unknown or
 * streams, a parameter is no single-valued field of its message. */
int route_table_add_rest(struct route_table *, const char *key, const char *rpc,
			 const struct route_options *, struct fault *);

/* All rpcs of a service ("parlor.game.v1.Matches"). */
int route_table_add_service(struct route_table *, const char *service,
			    const struct route_options *, struct fault *);

/* After the last one was added, before the first is looked for. */
void route_table_finish(struct route_table *);

size_t route_table_count(const struct route_table *);
const struct route *route_table_at(const struct route_table *, size_t i);

enum { ROUTE_ALLOW = 128 };

struct route_match {
	const struct route *route;
	/* undecoded, by segment of the template */
	struct slice values[TEMPLATE_SEGMENTS_MAX];
	/* the path has a service's name in front, known or not: errors are
	 * Connect's */
	bool connect;
	char allow[ROUTE_ALLOW]; /* for -E_HTTP_METHOD */
};

/* Returns 0; -E_HTTP_NOT_FOUND; or -E_HTTP_METHOD with the path's verbs, as in
 * Allow, when it is for others. A REST route of GET answers HEAD, too; an rpc
 * without side effects GET and POST, others POST. */
int route_find(const struct route_table *, struct slice verb, struct slice path,
	       struct route_match *);

#endif
