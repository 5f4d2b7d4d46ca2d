/* tests/support/data_dir.h - a data directory with keys, and tokens for it
 *
 * As `parlor init` makes it, as far as one daemon needs it: the services' key
 * pairs, their public set, and a copy of a pool's keys, so that auth need not
 * run.
 */
#ifndef PARLOR_TESTS_DATA_DIR_H
#define PARLOR_TESTS_DATA_DIR_H

#include "lib/base/clock.h"
#include "lib/crypto/caller.h"
#include "lib/crypto/keyfile.h"
#include "lib/crypto/token.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA_DIR_ISSUER "http://127.0.0.1:1/local_Test"

struct data_dir {
	char path[64];
	struct key *pool; /* signs users' tokens */
	struct caller *gateway;
};

static inline void data_dir_check(const struct fault *fault)
{
	if (fault->code == E_NONE)
		return;
	fprintf(stderr, "data_dir: %s\n", fault->message);
	exit(2);
}

/* A path in it, until the eighth call after this one. */
static inline const char *data_dir_in(const struct data_dir *d,
				      const char *name)
{
	static char paths[8][256];
	static int turn;
	char *path = paths[turn++ % 8];

	snprintf(path, sizeof(*paths), "%s/%s", d->path, name);
	return path;
}

static inline void data_dir_write(const struct data_dir *d, const char *name,
				  struct slice bytes)
{
	FILE *file = fopen(data_dir_in(d, name), "we");

	if (!file || fwrite(bytes.data, 1, bytes.size, file) != bytes.size ||
	    fclose(file) != 0)
		exit(2);
}

static inline void data_dir_make(struct data_dir *d)
{
	static const char *const folders[] = { "", "keys", "spool",
					       "functions" };
	static const char *const services[] = { "gateway", "game", "kv" };
	struct fault fault = { 0 };
	struct buffer set;

	snprintf(d->path, sizeof(d->path), "/tmp/parlor-test-XXXXXX");
	if (!mkdtemp(d->path))
		exit(2);
	for (size_t i = 1; i < 4; i++)
		mkdir(data_dir_in(d, folders[i]), 0700);
	buffer_init(&set, 1 << 16);
	buffer_put_text(&set, "{\"keys\":[");
	for (size_t i = 0; i < 3; i++) {
		char name[32];
		struct key *key;

		snprintf(name, sizeof(name), "keys/%s.pem", services[i]);
		key = keyfile_make(data_dir_in(d, name), KEY_ES256, &fault);
		data_dir_check(&fault);
		buffer_put_text(&set, i ? "," : "");
		key_put_jwk(key, services[i], &set);
		key_release(key);
	}
	buffer_put_text(&set, "]}");
	data_dir_write(d, "keys/services.jwks", buffer_slice(&set));
	buffer_reset(&set);
	d->pool = key_generate(KEY_RS256);
	buffer_put_text(&set, "{\"keys\":[");
	key_put_jwk(d->pool, "pool-1", &set);
	buffer_put_text(&set, "]}");
	data_dir_write(d, "spool/game.users.jwks", buffer_slice(&set));
	buffer_release(&set);
	d->gateway =
	    caller_new("gateway", data_dir_in(d, "keys/gateway.pem"), &fault);
	data_dir_check(&fault);
}

static inline void data_dir_release(struct data_dir *d)
{
	char command[128];

	key_release(d->pool);
	caller_free(d->gateway);
	snprintf(command, sizeof(command), "rm -rf '%s'", d->path);
	if (system(command) != 0)
		exit(2);
}

/* An access token of the pool, for an hour. */
static inline void data_dir_user_token(const struct data_dir *d,
				       const char *sub, char *out, size_t size)
{
	long long now = clock_wall_ms() / 1000;
	char claims[512];
	struct buffer token;

	snprintf(claims, sizeof(claims),
		 "{\"iss\":\"%s\",\"sub\":\"%s\",\"username\":\"name of %s\","
		 "\"token_use\":\"access\",\"client_id\":\"client\",\"jti\":"
		 "\"j-%s\",\"origin_jti\":\"o-%s\",\"iat\":%lld,\"exp\":%lld}",
		 DATA_DIR_ISSUER, sub, sub, sub, sub, now, now + 3600);
	buffer_init(&token, 4096);
	token_sign(d->pool, "pool-1", slice_of(claims), &token);
	snprintf(out, size, "%.*s", SLICE_ARGS(buffer_slice(&token)));
	buffer_release(&token);
}

/* What parlor-gateway says of itself to parlor-game. */
static inline void data_dir_gateway_token(const struct data_dir *d, char *out,
					  size_t size)
{
	size_t length = caller_token(d->gateway, "game", (struct slice){ 0 },
				     clock_wall_ms(), out, size - 1);

	out[length] = '\0';
}

#endif
