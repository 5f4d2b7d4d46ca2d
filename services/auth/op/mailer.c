/* services/auth/op/mailer.c - takes letters out of the queue to the mail server
 */
#include "services/auth/op/mailer.h"
#include "lib/base/clock.h"
#include "lib/meter/log.h"
#include "lib/meter/metric.h"
#include "lib/net/bell.h"
#include "services/auth/mail/smtp.h"
#include "services/auth/op/post.h"

enum {
	POLL_MS = 5000, /* for those of other replicas */
	LEASE_MS = (AUTH_SMTP_SECONDS + 30) * 1000,
	RETRY_MS = 60 * 1000, /* for a letter, doubling */
	RETRY_MAX_MS = 60 * 60 * 1000,
	PAUSE_MS = 1000, /* for the server, doubling */
	PAUSE_MAX_MS = 60 * 1000,
	DAY_MS = 24 * 60 * 60 * 1000,
	MEMORY = 2 << 20,
};

/* What became of a letter. */
enum outcome { SENT, REFUSED, GIVEN_UP, LATER, OUTCOMES };
static const char *const outcomes[OUTCOMES] = {
	[SENT] = "sent",
	[REFUSED] = "refused",
	[GIVEN_UP] = "given_up",
	[LATER] = "later",
};

struct auth_mailer {
	struct call call; /* the first: what the store's steps are given */
	struct task task; /* the second: see mailer_of_task */
	struct bell bell;
	struct timer timer;
	struct arena mem;
	struct auth *auth;
	struct loop *loop;
	struct rpc_client *kv;
	bool busy, rung; /* in a round; and there is more than it knows of */
	int64_t pause_ms;
	struct auth_letters letters;
	size_t at; /* in letters */
	bool lost; /* the letter is another replica's */
	/* of the letter that is being sent */
	struct auth_smtp *smtp;
	enum auth_smtp_result result;
	struct fault why;
	struct metric *counts[OUTCOMES];
};

static struct auth_mailer *mailer_of(struct call *c)
{
	return (struct auth_mailer *)c;
}

static const struct auth_post *post_of(const struct auth_mailer *m)
{
	return atomic_load(&m->auth->post);
}

static struct auth_waiting *waiting(struct auth_mailer *m)
{
	return &m->letters.rows[m->at];
}

/* ---- the round's end ------------------------------------------------------- */

static void rest(struct auth_mailer *m, int64_t ms)
{
	m->busy = false;
	timer_set(&m->timer, m->rung && !m->pause_ms ? 0 : ms);
}

/* Until the next one is due. */
static void rest_until_due(struct auth_mailer *m)
{
	int64_t ms = POLL_MS;

	if (m->at < m->letters.count)
		ms = waiting(m)->due_ms - clock_wall_ms();
	else if (m->letters.count == AUTH_LETTERS_PAGE)
		ms = 0;
	rest(m, ms < 0 ? 0 : ms > POLL_MS ? POLL_MS : ms);
}

/* ---- one letter ------------------------------------------------------------ */

static void take(struct auth_mailer *m);

static void done_with(struct call *c)
{
	struct auth_mailer *m = mailer_of(c);

	if (call_failed(c)) {
		rest(m, POLL_MS);
		return;
	}
	m->at++;
	take(m);
}

static void given_back(struct call *c)
{
	struct auth_mailer *m = mailer_of(c);

	rest(m, m->pause_ms);
}

static void take_out(struct auth_mailer *m, enum outcome outcome)
{
	metric_add(m->counts[outcome], 1);
	if (outcome != SENT)
		log_warn("letter '%.*s' was %s: %s", SLICE_ARGS(waiting(m)->id),
			 outcomes[outcome], m->why.message);
	auth_letters_remove(&m->call, waiting(m), done_with);
}

static int64_t doubled(int64_t first, int64_t times, int64_t most)
{
	return times > 20 || first << times > most ? most : first << times;
}

static void try_later(struct auth_mailer *m)
{
	struct auth_waiting *w = waiting(m);

	metric_add(m->counts[LATER], 1);
	log_info("letter '%.*s' is sent later: %s", SLICE_ARGS(w->id),
		 m->why.message);
	auth_letters_move(&m->call, w,
			  clock_wall_ms() +
			      doubled(RETRY_MS, w->tries, RETRY_MAX_MS),
			  w->tries + 1, &m->lost, done_with);
}

/* All letters wait with this one. */
static void leave_alone(struct auth_mailer *m)
{
	struct auth_waiting *w = waiting(m);

	if (!m->pause_ms)
		log_warn("the mail server takes nothing: %s", m->why.message);
	m->pause_ms =
	    m->pause_ms ? doubled(m->pause_ms, 1, PAUSE_MAX_MS) : PAUSE_MS;
	auth_letters_move(&m->call, w, clock_wall_ms() + m->pause_ms, w->tries,
			  &m->lost, given_back);
}

static void judge(struct auth_mailer *m)
{
	bool old = clock_wall_ms() - waiting(m)->created_ms >= DAY_MS;

	if (m->result != AUTH_SMTP_DOWN && m->pause_ms) {
		log_info("the mail server takes letters again");
		m->pause_ms = 0;
	}
	if (m->result == AUTH_SMTP_SENT)
		take_out(m, SENT);
	else if (m->result == AUTH_SMTP_REFUSED)
		take_out(m, REFUSED);
	else if (old)
		take_out(m, GIVEN_UP);
	else if (m->result == AUTH_SMTP_LATER)
		try_later(m);
	else
		leave_alone(m);
}

/* ---- on the thread of the mail --------------------------------------------- */

static struct auth_mailer *mailer_of_task(struct task *task)
{
	return LIST_ENTRY(task, struct auth_mailer, task);
}

static void deliver(struct task *task)
{
	struct auth_mailer *m = mailer_of_task(task);
	const struct auth_waiting *w = waiting(m);
	const struct auth_post *post = post_of(m);
	struct buffer text;

	fault_clear(&m->why);
	m->result = AUTH_SMTP_DOWN;
	if (atomic_load(&m->auth->ending))
		return;
	if (!m->smtp)
		m->smtp = auth_smtp_new(&m->auth->ending);
	if (auth_post_write(post, &w->letter, w->created_ms, w->id, &text,
			    &m->why))
		m->result = AUTH_SMTP_REFUSED;
	else
		m->result = auth_smtp_send(m->smtp, &post->mail, w->letter.to,
					   buffer_slice(&text), &m->why);
	buffer_release(&text);
}

static void delivered(struct task *task)
{
	struct auth_mailer *m = mailer_of_task(task);

	if (!atomic_load(&m->auth->ending))
		judge(m);
}

/* ---- the round ------------------------------------------------------------- */

/* It is ours for a while. */
static void claimed(struct call *c)
{
	struct auth_mailer *m = mailer_of(c);

	if (call_failed(c) || m->lost) {
		done_with(c);
		return;
	}
	if (pool_submit(m->auth->mail, m->loop, &m->task)) {
		fault_set(&m->why, E_EXHAUSTED, "too much mail at once");
		m->result = AUTH_SMTP_DOWN;
		judge(m);
	}
}

static void take(struct auth_mailer *m)
{
	struct auth_waiting *w = waiting(m);

	if (m->at == m->letters.count || w->due_ms > clock_wall_ms()) {
		rest_until_due(m);
		return;
	}
	m->lost = false;
	if (w->readable) {
		auth_letters_move(&m->call, w, clock_wall_ms() + LEASE_MS,
				  w->tries, &m->lost, claimed);
		return;
	}
	m->result = AUTH_SMTP_REFUSED;
	fault_clear(&m->why);
	fault_set(&m->why, E_LOSS, "it was sealed with another key");
	take_out(m, REFUSED);
}

static void listed(struct call *c)
{
	struct auth_mailer *m = mailer_of(c);

	m->at = 0;
	if (call_failed(c))
		rest(m, POLL_MS);
	else
		take(m);
}

static void look(struct timer *timer)
{
	struct auth_mailer *m = LIST_ENTRY(timer, struct auth_mailer, timer);

	if (!auth_post_has_server(post_of(m))) {
		timer_set(&m->timer, POLL_MS);
		return;
	}
	m->busy = true;
	m->rung = false;
	arena_reset(&m->mem);
	call_init(&m->call, &m->mem);
	m->call.service = m->auth;
	m->call.loop = m->loop;
	m->call.thread = m->kv;
	auth_letters_list(&m->call, m->auth->seal, &m->letters, listed);
}

/* A letter that has just come is due at once, unless the server is away. */
static void heard(struct bell *bell)
{
	struct auth_mailer *m = LIST_ENTRY(bell, struct auth_mailer, bell);

	m->rung = true;
	if (!m->busy && !m->pause_ms)
		timer_set(&m->timer, 0);
}

static void gone(struct bell *bell)
{
	struct auth_mailer *m = LIST_ENTRY(bell, struct auth_mailer, bell);

	arena_release(&m->mem);
	free(m);
}

/* ---- its life -------------------------------------------------------------- */

static struct metric *counter(enum outcome outcome)
{
	char label[64];

	snprintf(label, sizeof(label), "outcome=\"%s\"", outcomes[outcome]);
	return metric_counter("parlor_auth_letters_total",
			      "Letters for the mail server, by what became of "
			      "them.",
			      label);
}

struct auth_mailer *auth_mailer_new(struct auth *auth, struct loop *loop,
				    struct rpc_client *kv)
{
	struct auth_mailer *m = calloc(1, sizeof(*m));

	if (!m)
		abort(); /* lack of memory ends the process */
	m->task.run = deliver;
	m->task.done = delivered;
	m->auth = auth;
	m->loop = loop;
	m->kv = kv;
	for (int i = 0; i < OUTCOMES; i++)
		m->counts[i] = counter(i);
	arena_init(&m->mem, MEMORY);
	m->mem.wipes = true;
	bell_init(&m->bell, loop, heard, gone);
	timer_init(&m->timer, loop, look);
	timer_set(&m->timer, 0);
	return m;
}

void auth_mailer_ring(struct auth_mailer *m)
{
	bell_ring(&m->bell);
}

void auth_mailer_free(struct auth_mailer *m)
{
	if (!m)
		return;
	timer_release(&m->timer);
	auth_smtp_free(m->smtp);
	bell_close(&m->bell);
}
