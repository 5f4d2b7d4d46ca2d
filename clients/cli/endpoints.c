/* clients/cli/endpoints.c - where the suite is */
#include "clients/cli/endpoints.h"
#include "clients/cli/document.h"
#include "clients/cli/home.h"

#include <unistd.h>

static const struct member {
	const char *name;
	size_t offset;
} members[] = {
	{ "auth", offsetof(struct endpoints, base[AT_AUTH]) },
	{ "kv", offsetof(struct endpoints, base[AT_KV]) },
	{ "gateway", offsetof(struct endpoints, base[AT_GATEWAY]) },
	{ "game", offsetof(struct endpoints, base[AT_GAME]) },
	{ "client_id", offsetof(struct endpoints, client_id) },
	{ "user_pool_id", offsetof(struct endpoints, user_pool_id) },
	{ "region", offsetof(struct endpoints, region) },
	{ "admin", offsetof(struct endpoints, admin) },
};

static const char *find_file(struct cli *c)
{
	const char *named =
	    c->endpoints_file ? c->endpoints_file : getenv("PARLOR_ENDPOINTS");

	if (named && *named)
		return named;
	if (access("var/endpoints.json", R_OK) == 0)
		return "var/endpoints.json";
	return home_path(c, "endpoints.json");
}

int endpoints_need(struct cli *c)
{
	const char *file;
	json_t *document;

	if (c->endpoints.base[AT_AUTH])
		return 0;
	file = find_file(c);
	if (!file)
		return -c->fault.code;
	document = document_read(file);
	if (!document && c->endpoints_file)
		return cli_misuse(c, "cannot read '%s'", file);
	if (!document)
		return cli_fail(c, E_UNAVAILABLE,
				"no suite found: there is no '%s'", file);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		*(const char **)(void *)((char *)&c->endpoints +
					 members[i].offset) =
		    document_text(&c->life, document, members[i].name);
	json_decref(document);
	for (int at = 0; at < AT_COUNT; at++)
		if (!c->endpoints.base[at])
			return cli_misuse(
			    c, "'%s' does not say where the suite is", file);
	return 0;
}
