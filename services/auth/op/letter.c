/* services/auth/op/letter.c - a letter to a user, within an operation
 *
 * To a folder it goes before the operation is answered; for a server it is put
 * into the queue, and the mailer is told.
 */
#include "services/auth/op/letter.h"
#include "lib/base/random.h"
#include "services/auth/mail/folder.h"
#include "services/auth/op/mailer.h"
#include "services/auth/op/post.h"

enum { UNIQUE = 24 };

struct sending {
	struct task task;
	struct call *call;
	const struct auth_post *post;
	struct auth_letter letter;
	void *state; /* the operation's, meanwhile */
	auth_next_fn *next;
};

static const struct auth_post *post_of(const struct call *c)
{
	return atomic_load(&auth_of(c)->post);
}

int auth_letter_possible(struct call *c)
{
	if (auth_post_has_folder(post_of(c)) ||
	    auth_post_has_server(post_of(c)))
		return 0;
	return call_fail(c, E_CODE_DELIVERY,
			 "No way to send mail is configured.");
}

int auth_letter_reaches(struct call *c, const struct auth_user *user)
{
	if (user->attributes[AUTH_EMAIL].size)
		return 0;
	return call_fail(c, E_PARAMETER,
			 "The user has no email that a code could go to.");
}

/* ---- into a folder --------------------------------------------------------- */

/* On the thread of the mail. */
static void write_file(struct task *task)
{
	struct sending *s = (struct sending *)task;
	struct call *c = s->call;
	char unique[UNIQUE + 1];
	struct buffer text;

	random_text(unique, UNIQUE, "abcdefghijklmnopqrstuvwxyz0123456789");
	if (!auth_post_write(s->post, &s->letter, c->now_ms, slice_of(unique),
			     &text, &c->fault))
		auth_folder_put(s->post->mail.dir, buffer_slice(&text),
				c->now_ms, unique, &c->fault);
	buffer_release(&text);
}

static void written(struct task *task)
{
	struct sending *s = (struct sending *)task;

	s->next(s->call);
}

static void submit(struct call *c, struct sending *s)
{
	s->task.run = write_file;
	s->task.done = written;
	if (!pool_submit(auth_of(c)->mail, c->loop, &s->task))
		return;
	call_fail(c, E_TOO_MANY_REQUESTS, "Too many requests");
	s->next(c);
}

/* ---- into the queue -------------------------------------------------------- */

static void queued(struct call *c)
{
	struct sending *s = c->state;

	c->state = s->state;
	if (!call_failed(c) && s->letter.to.size)
		auth_mailer_ring(auth_of(c)->mailer);
	s->next(c);
}

static void queue(struct call *c, struct sending *s)
{
	s->state = c->state;
	c->state = s;
	auth_letters_put(c, auth_of(c)->seal, &s->letter, s->post->mail.queue,
			 queued);
}

/* ---- either ---------------------------------------------------------------- */

static void send_letter(struct call *c, const struct auth_letter *letter,
			auth_next_fn *next)
{
	struct sending *s = arena_zalloc(c->mem, sizeof(*s));

	if (!s) {
		call_status(c);
		next(c);
		return;
	}
	s->call = c;
	s->post = post_of(c);
	s->letter = *letter;
	s->next = next;
	if (auth_post_has_server(s->post))
		queue(c, s);
	else if (letter->to.size)
		submit(c, s);
	else
		next(c);
}

void auth_letter_send(struct call *c, enum auth_letter_kind kind,
		      const struct auth_user *user, const char *secret,
		      auth_next_fn *next)
{
	struct auth_letter letter = { .kind = kind,
				      .secret = slice_of(secret) };

	if (user) {
		letter.to = user->attributes[AUTH_EMAIL];
		letter.username = user->username;
		letter.locale = user->attributes[AUTH_LOCALE];
	}
	if (call_failed(c) || auth_letter_possible(c))
		next(c);
	else
		send_letter(c, &letter, next);
}
