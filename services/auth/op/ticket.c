/* services/auth/op/ticket.c - what a sign-in knows between two of its requests
 */
#include "services/auth/op/ticket.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/seal.h"

enum { ORIGIN = AUTH_SUB - 1, USUAL = 3 * 60 /* seconds */ };

/* In front of the name and the secret. */
struct head {
	int64_t expires_at;
	char origin[ORIGIN];
	uint16_t username;
};

int64_t auth_ticket_end(const struct call *c)
{
	int64_t ms = auth_rules_of(c)->challenge_ms;

	return auth_now(c) + (ms ? ms / 1000 : USUAL);
}

/* Where a ticket belongs. */
static struct slice place(struct call *c, const char *challenge)
{
	struct slice client_id = auth_client_of(c)->id;

	return slice_of(arena_printf(c->mem, "%s/%.*s/%s",
				     auth_realm_of(c)->pool_id,
				     SLICE_ARGS(client_id), challenge));
}

struct slice auth_ticket_close(struct call *c, const char *challenge,
			       const struct auth_ticket *ticket)
{
	struct head head = { .expires_at = ticket->expires_at,
			     .username = (uint16_t)ticket->username.size };
	size_t before = sizeof(head) + ticket->username.size;
	size_t size = before + ticket->secret.size;
	uint8_t *plain = arena_alloc(c->mem, size);

	if (!plain)
		return (struct slice){ 0 };
	memcpy(head.origin, ticket->origin.data, ORIGIN);
	memcpy(plain, &head, sizeof(head));
	memcpy(plain + sizeof(head), ticket->username.data,
	       ticket->username.size);
	if (ticket->secret.size)
		memcpy(plain + before, ticket->secret.data,
		       ticket->secret.size);
	return seal_close(auth_of(c)->seal, slice_make(plain, size),
			  place(c, challenge), c->mem);
}

static int invalid(struct call *c)
{
	return call_fail(c, E_NOT_AUTHORIZED, "Invalid session for the user.");
}

int auth_ticket_open(struct call *c, const char *challenge, struct slice sealed,
		     struct auth_ticket *ticket)
{
	struct slice plain;
	struct head head;

	if (seal_open(auth_of(c)->seal, sealed, place(c, challenge), c->mem,
		      &plain))
		return invalid(c);
	memcpy(&head, plain.data, sizeof(head)); /* we have made it */
	*ticket = (struct auth_ticket){
		.origin = arena_slice(c->mem, slice_make(head.origin, ORIGIN)),
		.username =
		    slice_make(plain.data + sizeof(head), head.username),
		.secret = slice_make(plain.data + sizeof(head) + head.username,
				     plain.size - sizeof(head) - head.username),
		.expires_at = head.expires_at,
	};
	if (head.expires_at <= auth_now(c))
		return call_fail(c, E_NOT_AUTHORIZED,
				 "Invalid session for the user, session is "
				 "expired.");
	return call_status(c);
}

struct slice auth_ticket_text(struct call *c, struct slice sealed)
{
	char *text = arena_alloc(c->mem, BASE64_SIZE(sealed.size));

	return text ? slice_make(text, base64url_encode(sealed, text))
		    : (struct slice){ 0 };
}

int auth_ticket_read(struct call *c, const char *challenge, struct slice text,
		     struct auth_ticket *ticket)
{
	uint8_t *bytes = arena_alloc(c->mem, BASE64_BYTES(text.size));
	size_t size;

	if (!bytes || base64url_decode(text, bytes, &size))
		return invalid(c);
	return auth_ticket_open(c, challenge, slice_make(bytes, size), ticket);
}
