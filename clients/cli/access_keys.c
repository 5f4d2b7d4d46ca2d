/* clients/cli/access_keys.c - the keys that sign requests to the store */
#include "clients/cli/ask.h"
#include "clients/cli/command.h"
#include "clients/cli/document.h"

#include "parlor/kv/v1/kv.pb-c.h"

#include <stdio.h>

#define METHOD(name) "parlor.kv.v1.KeyValue/" name

/* The policy of a key made here has this name in the key's role. */
#define POLICY_NAME "key"

static void *ask_admin(struct cli *c, const char *method,
		       const ProtobufCMessage *request,
		       const ProtobufCMessageDescriptor *answer)
{
	return ask_message(c,
			   &(struct ask){ .at = AT_KV,
					  .method = method,
					  .as = ASK_AS_ADMIN },
			   request, answer);
}

static char *role_of(struct cli *c, const char *id)
{
	return ask_text(arena_printf(&c->mem, "key:%s", id));
}

/* ---- making one ------------------------------------------------------------
 */

/* The text of the policy's file; NULL without one, and perhaps failed. */
static const char *read_policy(struct cli *c)
{
	json_t *document;
	char *text;
	const char *copy;

	if (!c->policy)
		return NULL;
	document = document_read(c->policy);
	if (!document) {
		cli_misuse(c, "'%s' is no JSON object", c->policy);
		return NULL;
	}
	text = json_dumps(document, JSON_COMPACT);
	copy = text ? arena_copy(&c->mem, text, strlen(text)) : NULL;
	free(text);
	json_decref(document);
	return copy;
}

static void put_policy(struct cli *c, const char *id, const char *policy)
{
	Parlor__Kv__V1__PutRolePolicyRequest request =
	    PARLOR__KV__V1__PUT_ROLE_POLICY_REQUEST__INIT;

	request.role_name = role_of(c, id);
	request.policy_name = ask_text(POLICY_NAME);
	request.policy_document = ask_text(policy);
	ask_admin(c, METHOD("PutRolePolicy"), &request.base,
		  &parlor__kv__v1__put_role_policy_response__descriptor);
}

static int delete_key(struct cli *c, const char *id)
{
	Parlor__Kv__V1__DeleteAccessKeyRequest request =
	    PARLOR__KV__V1__DELETE_ACCESS_KEY_REQUEST__INIT;

	request.access_key_id = ask_text(id);
	ask_admin(c, METHOD("DeleteAccessKey"), &request.base,
		  &parlor__kv__v1__delete_access_key_response__descriptor);
	return -c->fault.code;
}

/* A key whose policy was refused must not be left behind. */
static void take_back(struct cli *c, const char *id)
{
	struct fault why = c->fault;

	fault_clear(&c->fault);
	delete_key(c, id);
	c->fault = why;
}

static void print_key(struct cli *c, const Parlor__Kv__V1__AccessKey *key,
		      struct slice answer)
{
	c->answer = answer;
	if (c->json)
		cli_print_json(c, "parlor.kv.v1.CreateAccessKeyResponse",
			       JSON_AWS);
	else
		printf("AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\n",
		       key->access_key_id, key->secret_access_key);
}

int kv_key_create(struct cli *c)
{
	Parlor__Kv__V1__CreateAccessKeyRequest request =
	    PARLOR__KV__V1__CREATE_ACCESS_KEY_REQUEST__INIT;
	const Parlor__Kv__V1__CreateAccessKeyResponse *made;
	const char *policy = read_policy(c);
	struct slice answer;

	if (!c->principal)
		return cli_misuse(c, "whom does the key sign for? "
				     "--principal WHO");
	if (c->fault.code)
		return -c->fault.code;
	request.user_name = ask_text(c->principal);
	made =
	    ask_admin(c, METHOD("CreateAccessKey"), &request.base,
		      &parlor__kv__v1__create_access_key_response__descriptor);
	if (!made)
		return -c->fault.code;
	answer = arena_slice(&c->mem, c->answer);
	if (policy)
		put_policy(c, made->access_key->access_key_id, policy);
	if (c->fault.code)
		take_back(c, made->access_key->access_key_id);
	else
		print_key(c, made->access_key, answer);
	return -c->fault.code;
}

/* ---- those there are -------------------------------------------------------
 */

static void print_list(const Parlor__Kv__V1__ListAccessKeysResponse *list)
{
	for (size_t i = 0; i < list->n_access_key_metadata; i++) {
		const Parlor__Kv__V1__AccessKey *key =
		    list->access_key_metadata[i];

		printf("%-20s  %s\n", key->access_key_id, key->user_name);
	}
}

int kv_key_list(struct cli *c)
{
	Parlor__Kv__V1__ListAccessKeysRequest request =
	    PARLOR__KV__V1__LIST_ACCESS_KEYS_REQUEST__INIT;
	const Parlor__Kv__V1__ListAccessKeysResponse *list;

	do {
		list = ask_admin(
		    c, METHOD("ListAccessKeys"), &request.base,
		    &parlor__kv__v1__list_access_keys_response__descriptor);
		if (!list)
			return -c->fault.code;
		if (c->json)
			cli_print_json(c, "parlor.kv.v1.ListAccessKeysResponse",
				       JSON_AWS);
		else
			print_list(list);
		request.marker = list->marker;
	} while (list->is_truncated);
	return 0;
}

/* ---- and one less ----------------------------------------------------------
 */

/* Its policy means nothing any more; a key without one has none to delete. */
static void delete_policy(struct cli *c, const char *id)
{
	Parlor__Kv__V1__DeleteRolePolicyRequest request =
	    PARLOR__KV__V1__DELETE_ROLE_POLICY_REQUEST__INIT;

	request.role_name = role_of(c, id);
	request.policy_name = ask_text(POLICY_NAME);
	ask_admin(c, METHOD("DeleteRolePolicy"), &request.base,
		  &parlor__kv__v1__delete_role_policy_response__descriptor);
	if (c->fault.code == E_MISSING)
		fault_clear(&c->fault);
}

int kv_key_revoke(struct cli *c)
{
	const char *id = cli_argument(c, 0);

	if (delete_key(c, id) == 0)
		delete_policy(c, id);
	return -c->fault.code;
}
