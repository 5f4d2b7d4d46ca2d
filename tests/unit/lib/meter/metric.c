/* tests/unit/lib/meter/metric.c - counters and histograms for /metrics */
#include "lib/meter/metric.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *printed(void)
{
	static struct buffer b;

	buffer_release(&b);
	buffer_init(&b, 1 << 20);
	metric_print(&b);
	buffer_put_byte(&b, 0);
	return (const char *)buffer_slice(&b).data;
}

static size_t times(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part))) {
		count++;
		text++;
	}
	return count;
}

static void test_same_name_same_metric(void **state)
{
	(void)state;
	assert_ptr_equal(metric_counter("a_total", "A.", "x=\"1\""),
			 metric_counter("a_total", "A.", "x=\"1\""));
	assert_ptr_not_equal(metric_counter("a_total", "A.", "x=\"1\""),
			     metric_counter("a_total", "A.", "x=\"2\""));
}

static void *count(void *metric)
{
	for (int i = 0; i < 1000; i++)
		metric_add(metric, 1);
	return NULL;
}

static void test_threads_are_summed(void **state)
{
	struct metric *m = metric_counter("threads_total", "T.", "");

	(void)state;
	for (int round = 0; round < 3; round++) {
		pthread_t threads[4];

		for (int i = 0; i < 4; i++)
			pthread_create(&threads[i], NULL, count, m);
		for (int i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
	}
	assert_int_equal(metric_value(m), 12000);
	assert_non_null(strstr(printed(), "\nthreads_total 12000\n"));
}

static void test_gauge(void **state)
{
	struct metric *m = metric_gauge("level", "L.", "");

	(void)state;
	metric_set(m, 7);
	metric_add(m, -9);
	assert_non_null(strstr(printed(), "\nlevel -2\n"));
}

static void test_histogram(void **state)
{
	struct metric *m =
	    metric_histogram("took_seconds", "How long.", "op=\"Get\"");
	static const struct {
		int64_t us;
	} cases[] = { { 50 }, { 51 }, { 3000 }, { 20000000 } };
	const char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		metric_observe_us(m, cases[i].us);
	text = printed();
	static const char *const lines[] = {
		"# TYPE took_seconds histogram\n",
		"took_seconds_bucket{op=\"Get\",le=\"5e-05\"} 1\n",
		"took_seconds_bucket{op=\"Get\",le=\"0.0001\"} 2\n",
		"took_seconds_bucket{op=\"Get\",le=\"0.0025\"} 2\n",
		"took_seconds_bucket{op=\"Get\",le=\"0.005\"} 3\n",
		"took_seconds_bucket{op=\"Get\",le=\"10\"} 3\n",
		"took_seconds_bucket{op=\"Get\",le=\"+Inf\"} 4\n",
		"took_seconds_sum{op=\"Get\"} 20.003101\n",
		"took_seconds_count{op=\"Get\"} 4\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (!strstr(text, lines[i]))
			fail_msg("no %s in %s", lines[i], text);
}

static void test_text_form(void **state)
{
	struct buffer labels;

	(void)state;
	buffer_init(&labels, 256);
	metric_label(&labels, "a", SLICE("x\"y\\z\n"));
	metric_label(&labels, "b", SLICE("2"));
	buffer_put_byte(&labels, 0);
	metric_add(metric_counter("odd_total", "Two\nlines \\.",
				  (const char *)buffer_slice(&labels).data),
		   1);
	metric_counter("odd_total", "Two\nlines \\.", "b=\"3\"");
	buffer_release(&labels);
	assert_int_equal(times(printed(),
			       "# HELP odd_total Two\\nlines \\\\.\n"),
			 1);
	assert_int_equal(times(printed(), "# TYPE odd_total counter\n"), 1);
	assert_non_null(
	    strstr(printed(), "odd_total{a=\"x\\\"y\\\\z\\n\",b=\"2\"} 1\n"));
	assert_non_null(strstr(printed(), "odd_total{b=\"3\"} 0\n"));
}

static void test_process(void **state)
{
	const char *text = printed();

	(void)state;
	assert_non_null(strstr(text, "\nprocess_resident_memory_bytes "));
	assert_null(strstr(text, "\nprocess_resident_memory_bytes 0\n"));
	assert_non_null(strstr(text, "\nprocess_open_fds "));
	assert_non_null(strstr(text, "\nprocess_cpu_seconds_total "));
}

static void test_bounded(void **state)
{
	char label[32];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		snprintf(label, sizeof(label), "i=\"%d\"", i);
		metric_add(metric_counter("many_total", "M.", label), 1);
	}
	assert_true(times(printed(), "many_total{") <= 8000);
	assert_non_null(strstr(printed(), "many_total{i=\"7\"} 1\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_name_same_metric),
		cmocka_unit_test(test_threads_are_summed),
		cmocka_unit_test(test_gauge),
		cmocka_unit_test(test_histogram),
		cmocka_unit_test(test_text_form),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests_name("metric", tests, NULL, NULL);
}
