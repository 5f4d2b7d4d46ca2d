/* services/auth/op/letter.c - a letter to a user, within an operation */
#include "services/auth/op/letter.h"
#include "services/auth/op/post.h"

struct sending {
	struct task task;
	struct call *call;
	const struct auth_post *post;
	struct auth_letter letter;
	auth_next_fn *next;
};

static const struct auth_post *post_of(const struct call *c)
{
	return atomic_load(&auth_of(c)->post);
}

int auth_letter_possible(struct call *c)
{
	if (auth_post_is_open(post_of(c)))
		return 0;
	return call_fail(c, E_CODE_DELIVERY,
			 "No way to send mail is configured.");
}

/* On the thread of the mail. */
static void deliver(struct task *task)
{
	struct sending *s = (struct sending *)task;

	auth_post_deliver(s->post, &s->letter, s->call->now_ms,
			  &s->call->fault);
}

static void delivered(struct task *task)
{
	struct sending *s = (struct sending *)task;

	s->next(s->call);
}

static void submit(struct call *c, const struct auth_letter *letter,
		   auth_next_fn *next)
{
	struct sending *s = arena_alloc(c->mem, sizeof(*s));

	if (!s) {
		call_status(c);
		next(c);
		return;
	}
	*s = (struct sending){
		.task = { .run = deliver, .done = delivered },
		.call = c,
		.post = post_of(c),
		.letter = *letter,
		.next = next,
	};
	if (!pool_submit(auth_of(c)->mail, c->loop, &s->task))
		return;
	call_fail(c, E_TOO_MANY_REQUESTS, "Too many requests");
	next(c);
}

void auth_letter_send(struct call *c, enum auth_letter_kind kind,
		      const struct auth_user *user, const char *secret,
		      auth_next_fn *next)
{
	if (call_failed(c) || !user || auth_letter_possible(c))
		next(c);
	else
		submit(c,
		       &(struct auth_letter){
			   .kind = kind,
			   .to = user->attributes[AUTH_EMAIL],
			   .username = user->username,
			   .locale = user->attributes[AUTH_LOCALE],
			   .secret = slice_of(secret) },
		       next);
}
