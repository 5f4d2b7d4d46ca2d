/* lib/crypto/caller.c - this daemon's own identity towards the others */
#include "lib/crypto/caller.h"
#include "lib/base/buffer.h"
#include "lib/base/map.h"
#include "lib/crypto/keyfile.h"
#include "lib/crypto/per_thread.h"
#include "lib/crypto/token.h"

enum {
	CALLER_SECONDS = 60, /* a token's life */
	CALLER_RENEW = 20,   /* before its end */
	CALLER_TOKEN = 1024,
	CALLER_KEPT = 1024, /* tokens per thread: audiences times functions */
};

struct caller {
	const char *name;
	struct key *key;
	struct per_thread kept; /* of struct map: to struct kept */
};

struct kept {
	int64_t expires_at;
	size_t size;
	char token[CALLER_TOKEN];
};

static void kept_start(void *map)
{
	map_init(map);
}

static void kept_clear(struct map *map)
{
	struct slice key;
	void *token;
	size_t at = 0;

	while (map_next(map, &at, &key, &token))
		free(token);
	map_release(map);
}

static void kept_stop(void *map)
{
	kept_clear(map);
}

struct caller *caller_new(const char *name, const char *key_file,
			  struct fault *fault)
{
	struct key *key = keyfile_read(key_file, KEY_ES256, fault);
	struct caller *c;

	if (!key)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c || !(c->name = strdup(name)))
		abort(); /* lack of memory ends the process */
	c->key = key;
	per_thread_init(&c->kept, sizeof(struct map), kept_start, kept_stop);
	return c;
}

void caller_free(struct caller *c)
{
	if (!c)
		return;
	per_thread_release(&c->kept);
	key_release(c->key);
	free((char *)c->name);
	free(c);
}

/* Text that stands in JSON as it is. */
static bool is_plain(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < ' ' || text.data[i] > '~' ||
		    text.data[i] == '"' || text.data[i] == '\\')
			return false;
	return true;
}

/* Signs a new token; size 0 when the names are too long. */
static void renew(const struct caller *c, const char *audience,
		  struct slice function, int64_t now, struct kept *kept)
{
	char claims[CALLER_TOKEN / 2];
	struct buffer token;
	int size;

	size = snprintf(claims, sizeof(claims),
			"{\"sub\":\"service:%s\",\"aud\":\"%s\",\"iat\":%lld,"
			"\"exp\":%lld%s%.*s%s}",
			c->name, audience, (long long)now,
			(long long)now + CALLER_SECONDS,
			function.size ? ",\"function\":\"" : "",
			SLICE_ARGS(function), function.size ? "\"" : "");
	kept->size = 0;
	if (size < 0 || (size_t)size >= sizeof(claims))
		return;
	buffer_init(&token, sizeof(kept->token));
	token_sign(c->key, c->name, slice_make(claims, (size_t)size), &token);
	if (!token.failed) {
		kept->size = buffer_size(&token);
		memcpy(kept->token, buffer_slice(&token).data, kept->size);
		kept->expires_at = now + CALLER_SECONDS;
	}
	buffer_release(&token);
}

size_t caller_token(const struct caller *c, const char *audience,
		    struct slice function, int64_t now_ms, char *out,
		    size_t size)
{
	struct map *map = per_thread_get((struct per_thread *)&c->kept);
	char text[256];
	int length = snprintf(text, sizeof(text), "%s %.*s", audience,
			      SLICE_ARGS(function));
	struct slice key = slice_make(text, (size_t)length);
	struct kept *kept;

	if (length < 0 || (size_t)length >= sizeof(text) || !is_plain(key))
		return 0;
	kept = map_find(map, key);
	if (!kept) {
		if (map->count >= CALLER_KEPT) {
			kept_clear(map);
			map_init(map);
		}
		kept = calloc(1, sizeof(*kept));
		if (!kept)
			abort(); /* lack of memory ends the process */
		map_put(map, key, kept);
	}
	if (kept->expires_at - CALLER_RENEW <= now_ms / 1000)
		renew(c, audience, function, now_ms / 1000, kept);
	if (!kept->size || kept->size > size)
		return 0;
	memcpy(out, kept->token, kept->size);
	return kept->size;
}
