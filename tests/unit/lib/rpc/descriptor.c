/* tests/unit/lib/rpc/descriptor.c - what the protos say, at run time */
#include "lib/rpc/descriptor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct descriptor_message *parlor(const char *name)
{
	return descriptor_message_find(descriptor_set_parlor(), slice_of(name));
}

static void test_messages(void **state)
{
	const struct descriptor_message *m;
	const struct descriptor_field *f;

	(void)state;
	assert_null(parlor("parlor.kv.v1.Nothing"));
	m = parlor("parlor.kv.v1.Item");
	assert_non_null(m);
	assert_true(m->transparent);
	f = descriptor_field_by_number(m, 1);
	assert_true(f->map && f->repeated);
	assert_true(slice_is(f->message->fields[1].message->name,
			     "parlor.kv.v1.AttributeValue"));
	m = parlor("parlor.kv.v1.AttributeValue");
	assert_false(m->transparent);
	assert_int_equal(m->oneofs, 1);
	f = descriptor_field_by_json(m, SLICE("BOOL"));
	assert_int_equal(f->number, 10);
	assert_int_equal(f->oneof, 0);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		uint32_t by_either, by_json;
	} cases[] = {
		{ "TableName", 1, 1 }, { "table_name", 1, 0 },
		{ "tablename", 0, 0 }, { "ReturnConsumedCapacity", 6, 6 },
		{ "", 0, 0 },
	};
	const struct descriptor_message *m =
	    parlor("parlor.kv.v1.GetItemRequest");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice name = slice_of(cases[i].name);
		const struct descriptor_field *a =
		    descriptor_field_by_json(m, name);
		const struct descriptor_field *b =
		    descriptor_field_by_json_only(m, name);

		if ((a ? a->number : 0) != cases[i].by_either ||
		    (b ? b->number : 0) != cases[i].by_json)
			fail_msg("'%s': got %u, %u", cases[i].name,
				 a ? a->number : 0, b ? b->number : 0);
	}
}

static void test_numbers_with_gaps(void **state)
{
	const struct descriptor_message *m =
	    parlor("parlor.kv.v1.TableDescription");

	(void)state;
	assert_true(slice_is(descriptor_field_by_number(m, 100)->json_name,
			     "IndexConsistency"));
	assert_null(descriptor_field_by_number(m, 99));
	assert_null(descriptor_field_by_number(m, 0));
	assert_null(descriptor_field_by_number(m, 101));
}

static void test_methods(void **state)
{
	const struct descriptor_set *set = descriptor_set_parlor();
	const struct descriptor_method *get, *put;
	size_t count = 0;

	(void)state;
	get =
	    descriptor_method_find(set, SLICE("parlor.kv.v1.KeyValue/GetItem"));
	put =
	    descriptor_method_find(set, SLICE("parlor.kv.v1.KeyValue/PutItem"));
	assert_true(get->no_side_effects);
	assert_false(put->no_side_effects);
	assert_false(put->server_streams);
	assert_true(slice_is(get->input->name, "parlor.kv.v1.GetItemRequest"));
	assert_null(descriptor_method_find(set, SLICE("GetItem")));
	while (descriptor_method_at(set, count))
		count++;
	assert_in_range(count, 30, 1000);
}

extern const uint8_t test_descriptor_set[], test_descriptor_set_end[];

static void test_proto3(void **state)
{
	struct fault fault = { 0 };
	struct descriptor_set *set =
	    descriptor_set_load(slice_make(test_descriptor_set,
					   (size_t)(test_descriptor_set_end -
						    test_descriptor_set)),
				&fault);
	const struct descriptor_message *m;

	(void)state;
	assert_non_null(set);
	m = descriptor_message_find(set, SLICE("parlor.test.v1.Everything"));
	assert_true(descriptor_field_by_number(m, 18)->packed);
	assert_false(descriptor_field_by_number(m, 22)->packed);
	assert_false(descriptor_field_by_number(m, 19)->packed);
	assert_true(descriptor_field_by_number(m, 1)->implicit);
	assert_false(descriptor_field_by_number(m, 31)->implicit);
	assert_int_equal(descriptor_field_by_number(m, 40)->message->well_known,
			 WELL_KNOWN_TIMESTAMP);
	assert_true(descriptor_field_by_number(m, 33)->enumeration->is_null);
	assert_true(
	    descriptor_method_find(set, SLICE("parlor.test.v1.Echo/Count"))
		->server_streams);
	descriptor_set_free(set);
}

static void test_damaged(void **state)
{
	size_t size = (size_t)(test_descriptor_set_end - test_descriptor_set);

	(void)state;
	/* cut anywhere it is refused or it is a smaller set; never a crash */
	for (size_t cut = 0; cut < size; cut += 7) {
		struct fault fault = { 0 };

		descriptor_set_free(
		    descriptor_set_load(slice_make(test_descriptor_set, cut),
					&fault));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_numbers_with_gaps),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_proto3),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("descriptor", tests, NULL, NULL);
}
