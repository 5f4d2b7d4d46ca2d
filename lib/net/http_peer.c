/* lib/net/http_peer.c - the addresses of a target, and which to take */
#include "lib/net/http_exchange.h"

#include "lib/base/clock.h"

#include <stdlib.h>

enum { OUT_FIRST_MS = 100, OUT_MAX_MS = 10000 };

static struct peer *peer_new(const struct target_address *address)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->address = *address;
	list_init(&p->idle);
	return p;
}

static bool same_address(const struct target_address *a,
			 const struct target_address *b)
{
	return a->size == b->size && a->tls == b->tls &&
	       memcmp(&a->socket, &b->socket, a->size) == 0 &&
	       strcmp(a->text, b->text) == 0;
}

void peer_release(struct peer *p)
{
	if (!p->listed && p->open == 0)
		free(p);
}

static void unlist(struct peer *p)
{
	struct wire *wire;

	p->listed = false;
	p->open++; /* stays until we are through */
	while ((wire = LIST_FIRST(&p->idle, struct wire, idle)))
		wire_close(wire);
	p->open--;
	peer_release(p);
}

static struct peer *find_peer(const struct http_client *c,
			      const struct target_address *address)
{
	for (size_t i = 0; i < c->peer_count; i++)
		if (same_address(&c->peers[i]->address, address))
			return c->peers[i];
	return NULL;
}

static void replace_peers(struct http_client *c, const struct target_list *list)
{
	struct peer **peers = calloc(list->count + 1, sizeof(struct peer *));

	if (!peers)
		abort();
	for (size_t i = 0; i < c->peer_count; i++)
		c->peers[i]->listed = false;
	for (size_t i = 0; i < list->count; i++) {
		peers[i] = find_peer(c, &list->rows[i]);
		if (!peers[i] || peers[i]->listed) /* new, or named twice */
			peers[i] = peer_new(&list->rows[i]);
		peers[i]->listed = true;
	}
	for (size_t i = 0; i < c->peer_count; i++)
		if (!c->peers[i]->listed)
			unlist(c->peers[i]);
	free(c->peers);
	c->peers = peers;
	c->peer_count = list->count;
}

void peers_load(struct http_client *c)
{
	struct target_list *list;

	c->version = target_version(c->target);
	list = target_list(c->target);
	replace_peers(c, list);
	target_list_release(list);
}

void peers_update(struct http_client *c)
{
	if (target_version(c->target) != c->version)
		peers_load(c);
}

void peers_free(struct http_client *c)
{
	for (size_t i = 0; i < c->peer_count; i++)
		unlist(c->peers[i]);
	free(c->peers);
}

static size_t draw(struct http_client *c, size_t below)
{
	c->random ^= c->random << 13;
	c->random ^= c->random >> 7;
	c->random ^= c->random << 17;
	return (size_t)(c->random % below);
}

/* The first from a random place on that is not left out, nor `other`. */
static struct peer *draw_peer(struct http_client *c, int64_t now,
			      const struct peer *other)
{
	size_t from = draw(c, c->peer_count);

	for (size_t i = 0; i < c->peer_count; i++) {
		struct peer *p = c->peers[(from + i) % c->peer_count];

		if (p != other && p->out_until_ms <= now)
			return p;
	}
	return NULL;
}

static struct peer *back_soonest(const struct http_client *c)
{
	struct peer *soonest = NULL;

	for (size_t i = 0; i < c->peer_count; i++)
		if (!soonest ||
		    c->peers[i]->out_until_ms < soonest->out_until_ms)
			soonest = c->peers[i];
	return soonest;
}

struct peer *peer_choose(struct http_client *c, const struct peer *other)
{
	struct peer *one, *two;
	int64_t now;

	if (c->peer_count <= 1)
		return c->peer_count ? c->peers[0] : NULL;
	now = clock_monotonic_ms();
	one = draw_peer(c, now, other);
	if (!one)
		return back_soonest(c);
	two = draw_peer(c, now, one);
	return two && two != other && two->busy < one->busy ? two : one;
}

void peer_failed(struct peer *p)
{
	int64_t out = OUT_FIRST_MS;

	for (unsigned i = 0; i < p->failures && out < OUT_MAX_MS; i++)
		out *= 2;
	p->failures++;
	p->out_until_ms =
	    clock_monotonic_ms() + (out < OUT_MAX_MS ? out : OUT_MAX_MS);
}

void peer_works(struct peer *p)
{
	p->failures = 0;
	p->out_until_ms = 0;
}
