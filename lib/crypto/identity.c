/* lib/crypto/identity.c - from the headers of a request to its principals */
#include "lib/crypto/identity.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/per_thread.h"
#include "lib/crypto/revocations.h"
#include "lib/crypto/sigv4.h"
#include "lib/crypto/token.h"
#include "lib/crypto/token_memory.h"

#include <openssl/crypto.h>

enum {
	CALLER_LIFE = 60, /* seconds a caller's token may live */
	SUBJECT_MAX = 128,
	FUNCTION_MAX = 64 + 9,
};

struct identity {
	struct identity_options is;
	struct per_thread threads; /* of struct thread */
};

/* What a thread keeps for itself, so that it needs no lock. */
struct thread {
	struct token_memory memory;
	struct snapshot_reader users, services, revocations;
	struct snapshot_reader others[IDENTITY_ISSUERS_MAX];
	const struct keyset_view *user_keys, *service_keys;
	const struct keyset_view *other_keys[IDENTITY_ISSUERS_MAX];
};

static void thread_start(void *value)
{
	struct thread *t = value;

	token_memory_init(&t->memory, TOKEN_MEMORY_MAX);
}

static void thread_stop(void *value)
{
	struct thread *t = value;

	token_memory_release(&t->memory);
	snapshot_reader_release(&t->users);
	snapshot_reader_release(&t->services);
	snapshot_reader_release(&t->revocations);
	for (size_t i = 0; i < IDENTITY_ISSUERS_MAX; i++)
		snapshot_reader_release(&t->others[i]);
}

struct identity *identity_new(const struct identity_options *options)
{
	struct identity *identity = calloc(1, sizeof(*identity));

	if (!identity)
		abort(); /* lack of memory ends the process */
	identity->is = *options;
	per_thread_init(&identity->threads, sizeof(struct thread), thread_start,
			thread_stop);
	return identity;
}

void identity_free(struct identity *identity)
{
	if (!identity)
		return;
	per_thread_release(&identity->threads);
	free(identity);
}

static bool view_has(const struct keyset_view *view, uint64_t serial)
{
	for (size_t i = 0; view && i < view->count; i++)
		if (view->keys[i].serial == serial)
			return true;
	return false;
}

static bool key_is_there(uint64_t serial, void *thread)
{
	const struct thread *t = thread;

	for (size_t i = 0; i < IDENTITY_ISSUERS_MAX; i++)
		if (view_has(t->other_keys[i], serial))
			return true;
	return view_has(t->user_keys, serial) ||
	       view_has(t->service_keys, serial);
}

/* This thread's state, with the key sets as they are now. */
static struct thread *look(const struct identity *identity)
{
	struct thread *t =
	    per_thread_get((struct per_thread *)&identity->threads);
	bool users = false, services = false, others = false;

	if (identity->is.users)
		t->user_keys =
		    keyset_look(identity->is.users, &t->users, &users);
	if (identity->is.services)
		t->service_keys =
		    keyset_look(identity->is.services, &t->services, &services);
	for (size_t i = 0; i < identity->is.other_count; i++) {
		bool changed = false;

		t->other_keys[i] = keyset_look(identity->is.others[i].keys,
					       &t->others[i], &changed);
		others |= changed;
	}
	if (users || services || others)
		token_memory_keep(&t->memory, key_is_there, t);
	return t;
}

/* ---- users ----------------------------------------------------------------
 */

static bool accepts_client(const struct identity *identity,
			   struct slice client_id)
{
	const char *const *client = identity->is.clients;

	if (!client)
		return true;
	for (; *client; client++)
		if (slice_is(client_id, *client))
			return true;
	return false;
}

/* What an access token's claims must say. */
static int check_user_claims(const struct identity *identity,
			     const struct token *token, struct fault *fault)
{
	const char *why = NULL;

	if (!identity->is.issuer ||
	    !slice_is(token->issuer, identity->is.issuer))
		why = "the token is another issuer's";
	else if (!slice_is(token->use, "access"))
		why = "the token is not an access token";
	else if (!accepts_client(identity, token->client_id))
		why = "the token was issued to another client";
	else if (!token->subject.size || token->subject.size > SUBJECT_MAX)
		why = "the token has no proper subject";
	if (why)
		fault_set(fault, E_UNAUTHENTICATED, "%s", why);
	return -fault->code;
}

static int make_user(const struct token *token, struct arena *mem,
		     struct principal *out, struct fault *fault)
{
	const char *name =
	    arena_printf(mem, "user:%.*s", SLICE_ARGS(token->subject));

	if (!name || mem->full)
		return fault_set(fault, E_EXHAUSTED, "the request is too big");
	*out = (struct principal){
		.kind = PRINCIPAL_USER,
		.text = slice_of(name),
		.sub = token->subject,
		.username = token->username,
		.groups = token->groups,
		.issuer = token->issuer,
		.client_id = token->client_id,
		.origin_jti = token->origin_jti,
		.jti = token->jti,
		.scope = token->scope,
		.issued_at = token->issued_at,
		.expires_at = token->expires_at,
	};
	return 0;
}

static bool has_audience(const struct token *token, const char *audience)
{
	struct slice rest = token->audience;

	while (rest.size)
		if (slice_is(slice_cut(&rest, ','), audience))
			return true;
	return slice_is(token->client_id, audience);
}

/* What another issuer's token must say; it may not say what it is for. */
static int check_other_claims(const struct identity_issuer *issuer,
			      const struct token *token, struct fault *fault)
{
	const char *why = NULL;

	if (!slice_is(token->issuer, issuer->issuer))
		why = "the token is another issuer's";
	else if (token->use.size && !slice_is(token->use, "access"))
		why = "the token is not an access token";
	else if (!has_audience(token, issuer->audience))
		why = "the token was issued to another client";
	else if (!token->subject.size || token->subject.size > SUBJECT_MAX)
		why = "the token has no proper subject";
	if (why)
		fault_set(fault, E_UNAUTHENTICATED, "%s", why);
	return -fault->code;
}

static struct slice behind(const struct identity_issuer *issuer,
			   struct slice name, struct arena *mem)
{
	return slice_of(
	    arena_printf(mem, "%s|%.*s", issuer->name, SLICE_ARGS(name)));
}

static struct slice groups_behind(const struct identity_issuer *issuer,
				  struct slice groups, struct arena *mem)
{
	const char *out = "";

	while (groups.size && out) {
		struct slice group = slice_cut(&groups, ',');

		out = arena_printf(mem, "%s%s%s|%.*s", out, *out ? "," : "",
				   issuer->name, SLICE_ARGS(group));
	}
	return slice_of(out);
}

static int make_other_user(const struct identity_issuer *issuer,
			   struct token *token, struct arena *mem,
			   struct principal *out, struct fault *fault)
{
	if (check_other_claims(issuer, token, fault))
		return -fault->code;
	token->subject = behind(issuer, token->subject, mem);
	token->groups = groups_behind(issuer, token->groups, mem);
	/* the pool's users choose theirs freely, so it could be somebody's */
	token->username = slice_make(NULL, 0);
	return make_user(token, mem, out, fault);
}

/* Somebody may have newer keys. */
static void want_keys(const struct identity *identity)
{
	if (identity->is.users)
		keyset_want(identity->is.users);
	for (size_t i = 0; i < identity->is.other_count; i++)
		keyset_want(identity->is.others[i].keys);
}

/* Whose key it is signed with says whose token it is. */
static int verify_user(const struct identity *identity, struct thread *t,
		       struct slice text, int64_t now_ms, struct arena *mem,
		       struct principal *out, uint64_t *serial,
		       struct fault *fault)
{
	const struct identity_options *is = &identity->is;
	struct token token;

	token_verify(text, KEY_RS256, t->user_keys, now_ms, mem, &token, fault);
	*serial = token.key_serial;
	if (!fault->code)
		return check_user_claims(identity, &token, fault)
			   ? -fault->code
			   : make_user(&token, mem, out, fault);
	for (size_t i = 0; i < is->other_count; i++) {
		struct fault why = { 0 };

		token_verify(text, KEY_RS256, t->other_keys[i], now_ms, mem,
			     &token, &why);
		if (!token.key_serial)
			continue;
		*serial = token.key_serial;
		*fault = why;
		return why.code ? -why.code
				: make_other_user(&is->others[i], &token, mem,
						  out, fault);
	}
	if (!*serial)
		want_keys(identity);
	return -fault->code;
}

/* ---- the suite's own services ---------------------------------------------
 */

static bool is_function(struct slice text)
{
	struct slice name = text;

	slice_cut(&name, ':');
	for (size_t i = 0; i < name.size; i++) {
		uint8_t c = name.data[i];

		if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
	}
	return slice_starts(text, SLICE("function:")) && name.size &&
	       text.size <= FUNCTION_MAX;
}

/* A service speaks with its own key only, to us, for a minute. */
static int check_caller_claims(const struct identity *identity,
			       const struct token *token, struct fault *fault)
{
	struct slice name = token->subject;
	const char *why = NULL;

	if (!slice_is(slice_cut(&name, ':'), "service") ||
	    !slice_equal(name, token->key_id))
		why = "the caller's token is signed with another's key";
	else if (!slice_is(token->audience, identity->is.service))
		why = "the caller's token is for another audience";
	else if (token->expires_at - token->issued_at > CALLER_LIFE)
		why = "the caller's token lives too long";
	else if (token->function.size && !is_function(token->function))
		why = "the caller's token names no proper function";
	if (why)
		fault_set(fault, E_UNAUTHENTICATED, "%s", why);
	return -fault->code;
}

static int verify_caller(const struct identity *identity, struct thread *t,
			 struct slice text, int64_t now_ms, struct arena *mem,
			 struct principal *out, uint64_t *serial,
			 struct fault *fault)
{
	struct token token;

	if (token_verify(text, KEY_ES256, t->service_keys, now_ms, mem, &token,
			 fault)) {
		if (!token.key_serial)
			keyset_want(identity->is.services);
		return -fault->code;
	}
	if (check_caller_claims(identity, &token, fault))
		return -fault->code;
	*serial = token.key_serial;
	*out = (struct principal){
		.kind = PRINCIPAL_SERVICE,
		.text = token.subject,
		.service = token.key_id,
		.issued_at = token.issued_at,
		.expires_at = token.expires_at,
	};
	if (token.function.size) {
		out->kind = PRINCIPAL_FUNCTION;
		out->text = token.function;
		out->function = token.function;
		slice_cut(&out->function, ':');
	}
	return 0;
}

/* ---- remembered or verified -----------------------------------------------
 */

typedef int verify_fn(const struct identity *, struct thread *,
		      struct slice text, int64_t now_ms, struct arena *,
		      struct principal *, uint64_t *serial, struct fault *);

static bool is_revoked(const struct identity *identity, struct thread *t,
		       const struct principal *who)
{
	return who->kind == PRINCIPAL_USER && identity->is.revocations &&
	       revocations_match(identity->is.revocations, &t->revocations,
				 who);
}

/* Is what was remembered still good? If it was revoked since, forgets it. */
static int check_again(const struct identity *identity, struct thread *t,
		       struct remembered *known, uint64_t version,
		       int64_t now_ms, struct fault *fault)
{
	if (known->principal.expires_at <= now_ms / 1000)
		fault_set(fault, E_TOKEN_EXPIRED, "the token has expired");
	else if (known->good_at != version &&
		 is_revoked(identity, t, &known->principal))
		fault_set(fault, E_TOKEN_REVOKED, "the token has been revoked");
	known->good_at = version;
	if (fault->code != E_NONE)
		token_memory_forget(&t->memory, known);
	return -fault->code;
}

/* The principal of a token. Users' and callers' tokens share a memory and must
 * not stand in for each other: the verifier is part of what is hashed. */
static int check_token(const struct identity *identity, struct thread *t,
		       verify_fn *verify, struct slice text, int64_t now_ms,
		       struct arena *mem, struct principal *out,
		       struct fault *fault)
{
	const uint8_t kind = verify == verify_caller;
	const struct slice pieces[] = { text, slice_make(&kind, 1) };
	struct remembered *known;
	uint8_t hash[HASH_SIZE];
	uint64_t version = 0, serial = 0;

	if (text.size > TOKEN_MAX)
		return fault_set(fault, E_UNAUTHENTICATED,
				 "the token is longer than %d bytes",
				 TOKEN_MAX);
	if (identity->is.revocations)
		version = revocations_version(identity->is.revocations);
	hash_sha256_pieces(pieces, 2, hash);
	known = token_memory_find(&t->memory, hash);
	if (known) {
		if (check_again(identity, t, known, version, now_ms, fault))
			return -fault->code;
		if (!principal_copy(mem, &known->principal, out))
			return fault_set(fault, E_EXHAUSTED,
					 "the request is too big");
		return 0;
	}
	if (verify(identity, t, text, now_ms, mem, out, &serial, fault))
		return -fault->code;
	if (is_revoked(identity, t, out))
		return fault_set(fault, E_TOKEN_REVOKED,
				 "the token has been revoked");
	token_memory_put(&t->memory, hash, serial, version, out);
	return 0;
}

int identity_check_user(const struct identity *identity, struct slice token,
			int64_t now_ms, struct arena *mem,
			struct principal *out, struct fault *fault)
{
	if (!identity->is.users ||
	    (!identity->is.issuer && !identity->is.other_count))
		return fault_set(fault, E_UNAUTHENTICATED,
				 "users' tokens are not accepted here");
	return check_token(identity, look(identity), verify_user, token, now_ms,
			   mem, out, fault);
}

static int check_caller(const struct identity *identity, struct slice token,
			int64_t now_ms, struct arena *mem,
			struct principal *out, struct fault *fault)
{
	if (!identity->is.services)
		return fault_set(fault, E_UNAUTHENTICATED,
				 "services' tokens are not accepted here");
	return check_token(identity, look(identity), verify_caller, token,
			   now_ms, mem, out, fault);
}

/* ---- access keys ----------------------------------------------------------
 */

static int verify_signature(const struct identity *identity,
			    const struct sigv4_request *request,
			    const struct sigv4_credential *c, struct arena *mem,
			    struct principal *out, struct fault *fault)
{
	struct principal signer = { 0 };
	uint8_t key[HASH_SIZE];
	int result = identity->is.signing(identity->is.signing_arg, c, key, mem,
					  &signer);

	if (result == IDENTITY_KEY_LATER)
		return 0;
	if (result)
		return fault_set(fault, E_ACCESS_KEY,
				 "The security token included in the request "
				 "is invalid.");
	if (request->body_sha256.size)
		result = sigv4_check(request, c, key, mem, fault);
	if (request->body_sha256.size && !result)
		*out = signer;
	OPENSSL_cleanse(key, sizeof(key));
	return result;
}

static int check_signature(const struct identity *identity,
			   const struct identity_claim *claim, int64_t now_ms,
			   struct arena *mem, struct principal *out,
			   bool *body_hash_wanted, struct fault *fault)
{
	const struct sigv4_request request = {
		.method = claim->method,
		.path = claim->path,
		.query = claim->query,
		.header = claim->header,
		.request = claim->request,
		.body_sha256 = claim->body_sha256,
	};
	struct sigv4_credential c;

	if (!identity->is.signing)
		return fault_set(fault, E_UNAUTHENTICATED,
				 "signatures are not accepted here");
	if (sigv4_read(&request, claim->authorization, &c, fault))
		return -fault->code;
	if (identity->is.unseen &&
	    identity->is.unseen(identity->is.signing_arg, c.access_key_id, mem,
				out))
		return 0;
	if (sigv4_check_scope(&request, &c, identity->is.region,
			      identity->is.sigv4_service, now_ms, fault))
		return -fault->code;
	*body_hash_wanted = true;
	return verify_signature(identity, &request, &c, mem, out, fault);
}

int identity_check_body(const struct identity_claim *claim, struct slice body,
			struct fault *fault)
{
	char hash[HASH_HEX];

	hash_sha256_hex(body, hash);
	if (!slice_equal_secret(claim->body_sha256, slice_of(hash)))
		return fault_set(fault, E_SIGNATURE,
				 "The provided 'x-amz-content-sha256' header "
				 "does not match what was computed.");
	return 0;
}

/* ---- both -----------------------------------------------------------------
 */

static const struct principal nobody = {
	.kind = PRINCIPAL_ANONYMOUS,
	.text = { (const uint8_t *)"anonymous", 9 },
};

/* The token of "Bearer TOKEN"; empty when it is not of that form. */
static struct slice bearer(struct slice authorization)
{
	struct slice scheme = slice_cut(&authorization, ' ');

	if (!slice_equal_nocase(scheme, SLICE("Bearer")))
		return (struct slice){ 0 };
	return slice_trim(authorization);
}

bool identity_claimed(struct slice authorization)
{
	return sigv4_claimed(authorization) || bearer(authorization).size;
}

static int check_bearer(const struct identity *identity,
			const struct identity_claim *claim, int64_t now_ms,
			struct arena *mem, struct principal *user,
			struct fault *fault)
{
	struct slice token = bearer(claim->authorization);

	if (!token.size)
		return fault_set(fault, E_UNAUTHENTICATED,
				 "'authorization' is neither a bearer token "
				 "nor a signature");
	return identity_check_user(identity, token, now_ms, mem, user, fault);
}

static int check_tokens(const struct identity *identity,
			const struct identity_claim *claim, int64_t now_ms,
			struct arena *mem, struct principal *principal,
			struct principal *user, struct fault *fault)
{
	if (claim->authorization.size &&
	    check_bearer(identity, claim, now_ms, mem, user, fault))
		return -fault->code;
	if (!claim->caller.size) {
		*principal = *user;
		return 0;
	}
	if (check_caller(identity, claim->caller, now_ms, mem, principal,
			 fault))
		return -fault->code;
	principal->sub = user->sub;
	principal->username = user->username;
	principal->groups = user->groups;
	return 0;
}

int identity_check(const struct identity *identity,
		   const struct identity_claim *claim, int64_t now_ms,
		   struct arena *mem, struct principal *principal,
		   struct principal *user, bool *body_hash_wanted,
		   struct fault *fault)
{
	bool is_signed = sigv4_claimed(claim->authorization);
	int result;

	*principal = nobody;
	*user = nobody;
	*body_hash_wanted = false;
	if (is_signed && claim->caller.size) {
		result = fault_set(fault, E_UNAUTHENTICATED,
				   "both a signature and 'parlor-caller'");
	} else if (is_signed) {
		result = check_signature(identity, claim, now_ms, mem,
					 principal, body_hash_wanted, fault);
		*user = *principal;
	} else {
		result = check_tokens(identity, claim, now_ms, mem, principal,
				      user, fault);
	}
	if (result)
		*principal = *user = nobody;
	return result;
}
