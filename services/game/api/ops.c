/* services/game/api/ops.c - the rows of the operations */
#include "services/game/api/api.h"

static const struct op function_ops[] = {
	{ "Invoke", api_invoke, OP_WRITE | OP_USER | OP_SERVICE, DOOR_CONNECT,
	  NULL },
	{ "ListFunctions", api_list_functions, OP_READ | OP_SERVICE,
	  DOOR_CONNECT, NULL },
	{ 0 }
};

struct op_service api_services[API_SERVICES_MAX] = {
	{ .name = "parlor.function.v1.Functions", .ops = function_ops },
};

static const struct op_service *find_service(struct slice name)
{
	for (const struct op_service *s = api_services; s->name; s++)
		if (slice_is(name, s->name))
			return s;
	return NULL;
}

static bool is_row(const struct descriptor_method *m, struct slice service)
{
	return slice_equal(m->service, service) && !m->client_streams;
}

/* A row for each method of the service whose client doesn't stream. */
static const struct op *make_rows(struct slice service,
				  const struct descriptor_set *set,
				  struct arena *mem)
{
	const struct descriptor_method *m;
	size_t count = 0;
	struct op *rows, *row;

	for (size_t i = 0; (m = descriptor_method_at(set, i)); i++)
		count += is_row(m, service);
	row = rows = arena_array(mem, count + 1, sizeof(*rows));
	if (!rows)
		return NULL;
	for (size_t i = 0; (m = descriptor_method_at(set, i)); i++) {
		if (!is_row(m, service))
			continue;
		*row++ = (struct op){
			.name = arena_copy(mem, m->name.data, m->name.size),
			.handle = m->server_streams ? api_watch : api_operation,
			.flags = OP_USER |
				 (m->no_side_effects ? OP_READ : OP_WRITE) |
				 (m->server_streams ? OP_STREAM : 0),
			.doors = DOOR_CONNECT,
		};
	}
	return rows;
}

static int add_service(struct slice name, const struct descriptor_set *set,
		       struct arena *mem, struct fault *fault)
{
	struct op_service *s = api_services;

	while (s->name)
		s++;
	if (s == api_services + API_SERVICES_MAX - 1)
		return fault_set(fault, E_INVALID,
				 "functions serve more than %d services",
				 API_SERVICES_MAX - 2);
	s->ops = make_rows(name, set, mem);
	if (!s->ops)
		return fault_set(fault, E_EXHAUSTED,
				 "'%.*s' has too many methods",
				 SLICE_ARGS(name));
	s->name = arena_copy(mem, name.data, name.size);
	return 0;
}

/* The method that a function serves; NULL, with words, if it can't. */
static const struct descriptor_method *method_of(
    const struct host_function *f, const struct descriptor_set *set,
    struct fault *fault)
{
	const struct descriptor_method *m =
	    descriptor_method_find(set, slice_of(f->rpc));

	if (!m)
		fault_set(fault, E_INVALID,
			  "function '%s': no such rpc '%s' in the descriptors",
			  f->name, f->rpc);
	else if (m->client_streams || m->server_streams)
		fault_set(fault, E_INVALID,
			  "function '%s': '%s' streams, which no function can",
			  f->name, f->rpc);
	return fault->code == E_NONE ? m : NULL;
}

int api_deployment_check(const struct host_deployment *d,
			 const struct descriptor_set *set, struct fault *fault)
{
	const struct host_function *f;
	const struct host_watch *w;

	for (size_t i = 0; (f = host_deployment_at(d, i)); i++)
		if (!method_of(f, set, fault))
			return -fault->code;
	for (size_t i = 0; (w = host_deployment_watch_at(d, i)); i++)
		if (api_watch_check(d, w, set, fault) != 0)
			return -fault->code;
	return 0;
}

int api_services_init(const struct host_deployment *d,
		      const struct descriptor_set *set, struct arena *mem,
		      struct fault *fault)
{
	const struct host_function *f;

	if (api_deployment_check(d, set, fault) != 0)
		return -fault->code;
	for (size_t i = 0; (f = host_deployment_at(d, i)); i++) {
		struct slice service =
		    descriptor_method_find(set, slice_of(f->rpc))->service;

		if (!find_service(service) &&
		    add_service(service, set, mem, fault) != 0)
			return -fault->code;
	}
	return 0;
}

int api_services_check(const struct host_deployment *d,
		       const struct descriptor_set *set, struct fault *fault)
{
	const struct host_function *f;

	if (api_deployment_check(d, set, fault) != 0)
		return -fault->code;
	for (size_t i = 0; (f = host_deployment_at(d, i)); i++) {
		struct slice service =
		    descriptor_method_find(set, slice_of(f->rpc))->service;

		if (!find_service(service))
			return fault_set(fault, E_INVALID,
					 "function '%s': service '%.*s' is "
					 "new: it needs a restart",
					 f->name, SLICE_ARGS(service));
	}
	return 0;
}
