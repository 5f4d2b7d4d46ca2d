/* tests/unit/lib/net/bell.c - however often it is rung */
#include "lib/net/bell.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct house {
	struct loop *loop;
	struct bell bell;
	int heard, gone;
	bool close; /* when it is heard */
};

static void on_heard(struct bell *bell)
{
	struct house *h = LIST_ENTRY(bell, struct house, bell);

	h->heard++;
	if (h->close)
		bell_close(bell);
}

static void on_gone(struct bell *bell)
{
	LIST_ENTRY(bell, struct house, bell)->gone++;
}

static void begin(struct house *h)
{
	*h = (struct house){ .loop = loop_new() };
	bell_init(&h->bell, h->loop, on_heard, on_gone);
}

/* Runs what was posted. */
static void end(struct house *h, int heard, int gone)
{
	loop_free(h->loop);
	assert_int_equal(h->heard, heard);
	assert_int_equal(h->gone, gone);
}

static void test_rung_twice_it_is_heard_once(void **state)
{
	struct house h;

	(void)state;
	begin(&h);
	bell_ring(&h.bell);
	bell_ring(&h.bell);
	end(&h, 1, 0);
}

static void test_closed_it_goes(void **state)
{
	struct house h;

	(void)state;
	begin(&h);
	bell_close(&h.bell);
	assert_int_equal(h.gone, 1);
	end(&h, 0, 1);
}

static void test_closed_while_rung_it_goes_later_unheard(void **state)
{
	struct house h;

	(void)state;
	begin(&h);
	bell_ring(&h.bell);
	bell_close(&h.bell);
	assert_int_equal(h.gone, 0);
	end(&h, 0, 1);
}

static void test_closed_when_heard_it_goes(void **state)
{
	struct house h;

	(void)state;
	begin(&h);
	h.close = true;
	bell_ring(&h.bell);
	end(&h, 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rung_twice_it_is_heard_once),
		cmocka_unit_test(test_closed_it_goes),
		cmocka_unit_test(test_closed_while_rung_it_goes_later_unheard),
		cmocka_unit_test(test_closed_when_heard_it_goes),
	};

	return cmocka_run_group_tests_name("bell", tests, NULL, NULL);
}
