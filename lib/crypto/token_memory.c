/* lib/crypto/token_memory.c - verified tokens, remembered by their hash */
#include "lib/crypto/token_memory.h"

enum { BUCKETS_FIRST = 256, TEXTS = 11 };

/* The principal's texts, one after the other. */
static void texts_of(struct principal *p, struct slice *texts[TEXTS])
{
	struct slice *const all[TEXTS] = {
		&p->text,	&p->sub,      &p->username, &p->groups,
		&p->service,	&p->function, &p->issuer,   &p->client_id,
		&p->origin_jti, &p->jti,      &p->scope,
	};

	memcpy(texts, all, sizeof(all));
}

static size_t texts_size(const struct principal *p)
{
	return p->text.size + p->sub.size + p->username.size + p->groups.size +
	       p->service.size + p->function.size + p->issuer.size +
	       p->client_id.size + p->origin_jti.size + p->jti.size +
	       p->scope.size;
}

/* Moves the texts of `p` to `to`, which has room for them. */
static void texts_move(struct principal *p, uint8_t *to)
{
	struct slice *texts[TEXTS];

	texts_of(p, texts);
	for (size_t i = 0; i < TEXTS; i++) {
		if (texts[i]->size)
			memcpy(to, texts[i]->data, texts[i]->size);
		texts[i]->data = to;
		to += texts[i]->size;
	}
}

bool principal_copy(struct arena *mem, const struct principal *from,
		    struct principal *out)
{
	uint8_t *text = arena_alloc(mem, texts_size(from) + 1);

	if (!text)
		return false;
	*out = *from;
	texts_move(out, text);
	return true;
}

static void resize(struct token_memory *m, size_t count)
{
	struct remembered **buckets = calloc(count, sizeof(*buckets));

	if (!buckets)
		abort(); /* lack of memory ends the process */
	free(m->buckets);
	m->buckets = buckets;
	m->bucket_count = count;
	LIST_EACH (at, after, &m->used) {
		struct remembered *r = LIST_ENTRY(at, struct remembered, used);
		uint64_t hash;

		memcpy(&hash, r->hash, sizeof(hash));
		r->next = buckets[hash & (count - 1)];
		buckets[hash & (count - 1)] = r;
	}
}

void token_memory_init(struct token_memory *m, size_t max)
{
	*m = (struct token_memory){ .max = max };
	list_init(&m->used);
	resize(m, BUCKETS_FIRST);
}

void token_memory_release(struct token_memory *m)
{
	LIST_EACH (at, after, &m->used) {
		free(LIST_ENTRY(at, struct remembered, used));
	}
	free(m->buckets);
}

static struct remembered **bucket_of(struct token_memory *m,
				     const uint8_t hash[HASH_SIZE])
{
	uint64_t first;

	memcpy(&first, hash, sizeof(first));
	return &m->buckets[first & (m->bucket_count - 1)];
}

struct remembered *token_memory_find(struct token_memory *m,
				     const uint8_t hash[HASH_SIZE])
{
	struct remembered *at = *bucket_of(m, hash);

	while (at && memcmp(at->hash, hash, HASH_SIZE) != 0)
		at = at->next;
	if (at) {
		list_remove(&at->used);
		list_append(&m->used, &at->used);
	}
	return at;
}

void token_memory_forget(struct token_memory *m, struct remembered *r)
{
	struct remembered **at = bucket_of(m, r->hash);

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	list_remove(&r->used);
	m->count--;
	free(r);
}

void token_memory_put(struct token_memory *m, const uint8_t hash[HASH_SIZE],
		      uint64_t key_serial, uint64_t good_at,
		      const struct principal *p)
{
	size_t size = texts_size(p);
	struct remembered *r = malloc(sizeof(*r) + size), **bucket;

	if (!r)
		abort(); /* lack of memory ends the process */
	if (m->count >= m->max)
		token_memory_forget(m, LIST_FIRST(&m->used, struct remembered,
						  used));
	if (m->count >= m->bucket_count)
		resize(m, 2 * m->bucket_count);
	memcpy(r->hash, hash, HASH_SIZE);
	r->key_serial = key_serial;
	r->good_at = good_at;
	r->principal = *p;
	r->size = size;
	texts_move(&r->principal, r->text);
	bucket = bucket_of(m, hash);
	r->next = *bucket;
	*bucket = r;
	list_append(&m->used, &r->used);
	m->count++;
}

void token_memory_keep(struct token_memory *m,
		       bool (*keep)(uint64_t key_serial, void *arg), void *arg)
{
	LIST_EACH (at, after, &m->used) {
		struct remembered *r = LIST_ENTRY(at, struct remembered, used);

		if (!keep(r->key_serial, arg))
			token_memory_forget(m, r);
	}
}
