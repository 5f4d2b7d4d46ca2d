/* lib/crypto/keyset.c - public keys by their ids, followed while they change */
#include "lib/crypto/keyset.h"
#include "lib/crypto/base64.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

struct keyset {
	struct snapshot current;
	pthread_mutex_t writer;
	atomic_bool wanted, filled;
};

struct keyset *keyset_new(void)
{
	struct keyset *set = calloc(1, sizeof(*set));

	if (!set)
		abort(); /* lack of memory ends the process */
	snapshot_init(&set->current);
	pthread_mutex_init(&set->writer, NULL);
	return set;
}

void keyset_free(struct keyset *set)
{
	if (!set)
		return;
	snapshot_release(&set->current);
	pthread_mutex_destroy(&set->writer);
	free(set);
}

static void view_free(struct snapshot_value *value)
{
	struct keyset_view *view = (struct keyset_view *)value;

	for (size_t i = 0; i < view->count; i++) {
		free((char *)view->keys[i].id);
		key_release(view->keys[i].key);
	}
	free(view);
}

const struct keyset_key *keyset_find(const struct keyset_view *view,
				     struct slice id)
{
	for (size_t i = 0; view && i < view->count; i++)
		if (slice_is(id, view->keys[i].id))
			return &view->keys[i];
	return NULL;
}

/* Numbers are unique in the process: two sets never share one. */
static _Atomic uint64_t last_serial;

/* A member's text, empty when it is not there or no string. */
static struct slice member(const json_t *jwk, const char *name)
{
	const json_t *value = json_object_get(jwk, name);

	return slice_make(json_string_value(value), json_string_length(value));
}

/* A number of at most `size` bytes from a member. */
static int number(const json_t *jwk, const char *name, uint8_t *out,
		  size_t *size, struct fault *fault)
{
	struct slice text = member(jwk, name);

	if (!text.size || BASE64_BYTES(text.size) > *size ||
	    base64url_decode(text, out, size))
		return fault_set(fault, E_INVALID,
				 "'%s' is not a number in base64url", name);
	return 0;
}

/* The key of a JWK. NULL without a fault: one that we have no use for. */
static struct key *read_key(const json_t *jwk, struct fault *fault)
{
	uint8_t first[1024], second[1024];
	size_t first_size = sizeof(first), second_size = sizeof(second);
	struct slice type = member(jwk, "kty"), use = member(jwk, "use"),
		     algorithm = member(jwk, "alg");
	bool rsa = slice_is(type, "RSA");

	if (use.size && !slice_is(use, "sig"))
		return NULL;
	if (!rsa &&
	    (!slice_is(type, "EC") || !slice_is(member(jwk, "crv"), "P-256")))
		return NULL;
	if (algorithm.size && !slice_is(algorithm, rsa ? "RS256" : "ES256"))
		return NULL;
	if (number(jwk, rsa ? "n" : "x", first, &first_size, fault) ||
	    number(jwk, rsa ? "e" : "y", second, &second_size, fault))
		return NULL;
	return (rsa ? key_from_rsa
		    : key_from_p256)(slice_make(first, first_size),
				     slice_make(second, second_size), fault);
}

/* Printable, and as it is in JSON. */
static bool proper_id(struct slice id)
{
	for (size_t i = 0; i < id.size; i++)
		if (id.data[i] <= ' ' || id.data[i] > '~' ||
		    id.data[i] == '"' || id.data[i] == '\\')
			return false;
	return id.size > 0 && id.size <= KEY_ID_MAX;
}

/* Adds a JWK to the view, if it is for us. */
static int read_jwk(const json_t *jwk, struct keyset_view *view,
		    struct fault *fault)
{
	struct slice id = member(jwk, "kid");
	struct key *key;

	if (!json_is_object(jwk))
		return fault_set(fault, E_INVALID, "a key is not an object");
	key = read_key(jwk, fault);
	if (!key)
		return -fault->code;
	if (!proper_id(id))
		fault_set(fault, E_INVALID, "a key has no proper 'kid'");
	else if (keyset_find(view, id))
		fault_set(fault, E_INVALID, "two keys are called '%.*s'",
			  SLICE_ARGS(id));
	if (fault->code != E_NONE) {
		key_release(key);
		return -fault->code;
	}
	view->keys[view->count++] =
	    (struct keyset_key){ .id = strndup((const char *)id.data, id.size),
				 .key = key };
	return 0;
}

static struct keyset_view *view_read(struct slice jwks, struct fault *fault)
{
	struct keyset_view *view =
	    calloc(1, sizeof(*view) + KEYSET_MAX * sizeof(*view->keys));
	json_t *json = json_loadb((const char *)jwks.data,
				  jwks.size > KEYSET_TEXT_MAX ? 0 : jwks.size,
				  JSON_REJECT_DUPLICATES, NULL);
	json_t *keys = json_object_get(json, "keys"), *jwk;
	size_t i;

	if (!view)
		abort(); /* lack of memory ends the process */
	view->shared.free = view_free;
	if (!json_is_array(keys))
		fault_set(fault, E_INVALID, "not a JSON Web Key Set");
	else if (json_array_size(keys) > KEYSET_MAX)
		fault_set(fault, E_INVALID, "more than %d keys", KEYSET_MAX);
	json_array_foreach(keys, i, jwk)
	{
		if (fault->code != E_NONE || read_jwk(jwk, view, fault))
			break;
	}
	json_decref(json);
	if (fault->code == E_NONE)
		return view;
	view_free(&view->shared);
	return NULL;
}

/* Gives each key its number. True when the keys differ from the old ones. */
static bool number_keys(struct keyset_view *view, const struct keyset_view *old)
{
	bool changed = !old || old->count != view->count;

	for (size_t i = 0; i < view->count; i++) {
		struct keyset_key *key = &view->keys[i];
		const struct keyset_key *same =
		    keyset_find(old, slice_of(key->id));

		if (same && key_equal(same->key, key->key)) {
			key->serial = same->serial;
			continue;
		}
		key->serial = atomic_fetch_add(&last_serial, 1) + 1;
		changed = true;
	}
	return changed;
}

int keyset_load(struct keyset *set, struct slice jwks, struct fault *fault)
{
	struct keyset_view *view = view_read(jwks, fault);
	struct snapshot_value *old;

	if (!view)
		return -fault->code;
	pthread_mutex_lock(&set->writer);
	if (view->count)
		atomic_store(&set->filled, true);
	old = snapshot_hold(&set->current);
	if (number_keys(view, (struct keyset_view *)old))
		snapshot_replace(&set->current, &view->shared);
	else
		view_free(&view->shared);
	snapshot_drop(old);
	pthread_mutex_unlock(&set->writer);
	return 0;
}

bool keyset_filled(struct keyset *set)
{
	return atomic_load(&set->filled);
}

int keyset_load_file(struct keyset *set, const char *path, struct fault *fault)
{
	char *text = malloc(KEYSET_TEXT_MAX + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct fault why;
	ssize_t size;

	if (!text)
		abort(); /* lack of memory ends the process */
	size = fd < 0 ? -1 : read(fd, text, KEYSET_TEXT_MAX + 1);
	if (size < 0)
		fault_set(fault, errno == ENOENT ? E_MISSING : E_DENIED,
			  "cannot read '%s': %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	fault_clear(&why);
	if (size >= 0 && keyset_load(set, slice_make(text, (size_t)size), &why))
		fault_set(fault, E_INVALID, "'%s': %s", path, why.message);
	free(text);
	return -fault->code;
}

const struct keyset_view *keyset_look(struct keyset *set,
				      struct snapshot_reader *reader,
				      bool *changed)
{
	bool fresh = snapshot_read(&set->current, reader);

	if (changed)
		*changed = fresh;
	return (const struct keyset_view *)reader->value;
}

void keyset_want(struct keyset *set)
{
	atomic_store(&set->wanted, true);
}

bool keyset_wanted(struct keyset *set)
{
	return atomic_exchange(&set->wanted, false);
}

void keyset_put_jwks(struct keyset *set, struct buffer *out)
{
	struct snapshot_value *held = snapshot_hold(&set->current);
	const struct keyset_view *view = (const struct keyset_view *)held;

	buffer_put_text(out, "{\"keys\":[");
	for (size_t i = 0; view && i < view->count; i++) {
		if (i)
			buffer_put_byte(out, ',');
		key_put_jwk(view->keys[i].key, view->keys[i].id, out);
	}
	buffer_put_text(out, "]}");
	snapshot_drop(held);
}
