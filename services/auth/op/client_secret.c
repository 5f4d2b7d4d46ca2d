/* services/auth/op/client_secret.c - a client that can keep a secret proves it */
#include "services/auth/op/client_secret.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/seal.h"

static struct slice place(struct call *c, const struct auth_client *client)
{
	return slice_of(arena_printf(c->mem, "parlor.pools/%.*s/secret",
				     SLICE_ARGS(client->id)));
}

struct slice auth_client_secret_close(struct call *c,
				      const struct auth_client *client,
				      struct slice secret)
{
	return seal_close(auth_of(c)->seal, secret, place(c, client), c->mem);
}

struct slice auth_client_secret_open(struct call *c,
				     const struct auth_client *client)
{
	struct slice secret = { 0 };

	if (client->secret.size && seal_open(auth_of(c)->seal, client->secret,
					     place(c, client), c->mem, &secret))
		call_fail(c, E_LOSS,
			  "the secret of client '%.*s' does not "
			  "open with this seal key",
			  SLICE_ARGS(client->id));
	return secret;
}

enum { HASH_LETTERS = BASE64_SIZE(HASH_SIZE) };

static struct slice make_hash(struct slice secret, struct slice name,
			      struct slice id, char text[HASH_LETTERS])
{
	const struct slice pieces[] = { name, id };
	uint8_t hash[HASH_SIZE];

	hash_hmac_pieces(secret, pieces, 2, hash);
	return slice_make(text,
			  base64_encode(slice_make(hash, HASH_SIZE), text));
}

static bool hash_fits(struct slice secret, struct slice name, struct slice id,
		      struct slice hash)
{
	char text[HASH_LETTERS];

	return slice_equal_secret(make_hash(secret, name, id, text), hash);
}

struct slice auth_secret_hash_make(struct call *c, struct slice name)
{
	const struct auth_client *client = auth_client_of(c);
	struct slice secret = auth_client_secret_open(c, client);
	char *text = arena_alloc(c->mem, HASH_LETTERS);

	return secret.size && text ? make_hash(secret, name, client->id, text)
				   : (struct slice){ 0 };
}

int auth_secret_hash_check_any(struct call *c, const struct slice *names,
			       size_t count, struct slice hash)
{
	const struct auth_client *client = auth_client_of(c);
	struct slice secret = auth_client_secret_open(c, client);
	bool fits = !secret.size && !hash.data;

	if (call_failed(c))
		return -c->fault.code;
	if (secret.size && !hash.data)
		return call_fail(c, E_NOT_AUTHORIZED,
				 "Client %.*s is configured with secret but "
				 "SECRET_HASH was not received",
				 SLICE_ARGS(client->id));
	for (size_t i = 0; secret.size && i < count; i++)
		fits |= hash_fits(secret, names[i], client->id, hash);
	if (fits)
		return 0;
	return call_fail(c, E_NOT_AUTHORIZED,
			 "Unable to verify secret hash for client %.*s",
			 SLICE_ARGS(client->id));
}

int auth_secret_hash_check(struct call *c, struct slice name, struct slice hash)
{
	return auth_secret_hash_check_any(c, &name, 1, hash);
}

int auth_client_secret_check(struct call *c, struct slice given)
{
	const struct auth_client *client = auth_client_of(c);
	struct slice secret = auth_client_secret_open(c, client);

	if (call_failed(c))
		return -c->fault.code;
	if (slice_equal_secret(secret, given))
		return 0;
	return call_fail(c, E_NOT_AUTHORIZED,
			 secret.size && !given.data
			     ? "Client %.*s is configured with secret but "
			       "ClientSecret was not received"
			     : "Unable to verify the secret of client %.*s",
			 SLICE_ARGS(client->id));
}
