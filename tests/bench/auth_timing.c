/* tests/bench/auth_timing.c - does an answer's time tell who has an account?
 *
 *	auth_timing SOCKET CLIENT TRIES
 *
 * Signs up accounts that nobody confirms, and then asks, in an order that is drawn,
 * for a sign-in by password and for one by SRP, TRIES times each with a name that
 * has an account and with one that has none. Prints the larger |t| of Welch's test
 * of the two. A name is tried four times: the fifth failure would shut it out.
 */
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "tests/bench/pool_ask.h"

#include <math.h>

enum { TRIES_EACH = 4 };

/* Mean and variance of times as they come (Welford). */
struct times {
	double count, mean, squares;
};

static void note(struct times *t, double value)
{
	double before = value - t->mean;

	t->count++;
	t->mean += before / t->count;
	t->squares += before * (value - t->mean);
}

static double welch(const struct times *a, const struct times *b)
{
	double spread = a->squares / (a->count - 1) / a->count +
			b->squares / (b->count - 1) / b->count;

	return fabs(a->mean - b->mean) / sqrt(spread);
}

static const char *client_id;

static void sign_up(struct http_ask *a, long number)
{
	pool_ask(a, "SignUp",
		 "{\"ClientId\":\"%s\",\"Username\":\"there-%06ld\","
		 "\"Password\":\"Correct-horse-7\",\"UserAttributes\":"
		 "[{\"Name\":\"email\",\"Value\":\"b@example.test\"}]}",
		 client_id, number);
	if (a->status != 200) {
		fprintf(stderr, "SignUp: %.*s\n", SLICE_ARGS(a->body));
		exit(2);
	}
}

static void by_password(struct http_ask *a, const char *name)
{
	pool_ask(a, "InitiateAuth",
		 "{\"AuthFlow\":\"USER_PASSWORD_AUTH\",\"ClientId\":\"%s\","
		 "\"AuthParameters\":{\"USERNAME\":\"%s\","
		 "\"PASSWORD\":\"Wrong-horse-7\"}}",
		 client_id, name);
}

static void by_srp(struct http_ask *a, const char *name)
{
	pool_ask(a, "InitiateAuth",
		 "{\"AuthFlow\":\"USER_SRP_AUTH\",\"ClientId\":\"%s\","
		 "\"AuthParameters\":{\"USERNAME\":\"%s\","
		 "\"SRP_A\":\"abcdef0123456789\"}}",
		 client_id, name);
}

/* Twice `tries` of one kind, and the answer's status that each must have. */
static double measure(struct http_ask *a, const char *what,
		      void (*ask)(struct http_ask *, const char *), long tries,
		      int status)
{
	static const char *const names[] = { "gone-%06ld", "there-%06ld" };
	struct times times[2] = { { 0 } };
	long used[2] = { 0 };
	double t;

	while (used[0] < tries || used[1] < tries) {
		size_t which = used[0] == tries	  ? 1
			       : used[1] == tries ? 0
						  : random_below(2);
		char name[32];
		int64_t start;

		snprintf(name, sizeof(name), which ? names[1] : names[0],
			 used[which] / TRIES_EACH);
		start = clock_monotonic_ns();
		ask(a, name);
		note(&times[which],
		     (double)(clock_monotonic_ns() - start) / 1e3);
		used[which]++;
		if (a->status != status) {
			fprintf(stderr, "%s: %.*s\n", what,
				SLICE_ARGS(a->body));
			exit(2);
		}
	}
	t = welch(&times[0], &times[1]);
	fprintf(stderr, "%s: %.1f us without an account, %.1f with, |t| %.2f\n",
		what, times[0].mean, times[1].mean, t);
	return t;
}

int main(int argc, char **argv)
{
	static struct http_ask a;
	long tries = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
	double password, srp;

	if (tries < 2) {
		fputs("usage: auth_timing SOCKET CLIENT TRIES\n", stderr);
		return 2;
	}
	client_id = argv[2];
	if (!http_ask_connect(&a, argv[1])) {
		perror(argv[1]);
		return 2;
	}
	for (long i = 0; i < (tries + TRIES_EACH - 1) / TRIES_EACH; i++)
		sign_up(&a, i);
	srp = measure(&a, "by SRP", by_srp, tries, 200);
	password = measure(&a, "by password", by_password, tries, 401);
	printf("%.2f\n", fmax(password, srp));
	return 0;
}
