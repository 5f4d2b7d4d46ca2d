/* lib/conf/value.c - what a setting's text means */
#include "lib/conf/value.h"

struct unit {
	const char *name;
	int64_t factor;
};

const char *value_integer(struct slice text, int64_t *out)
{
	bool negative = text.size && text.data[0] == '-';
	uint64_t value;

	if (negative)
		text = slice_make(text.data + 1, text.size - 1);
	if (slice_to_u64(text, INT64_MAX, &value) < 0)
		return "not a whole number";
	*out = negative ? -(int64_t)value : (int64_t)value;
	return NULL;
}

const char *value_bool(struct slice text, bool *out)
{
	*out = slice_is(text, "true");
	return *out || slice_is(text, "false") ? NULL : "not true or false";
}

static const char *with_unit(struct slice text, const struct unit *units,
			     const char *why, int64_t *out)
{
	size_t digits = 0;
	struct slice unit;
	uint64_t value;

	while (digits < text.size && text.data[digits] >= '0' &&
	       text.data[digits] <= '9')
		digits++;
	if (slice_to_u64(slice_make(text.data, digits), INT64_MAX, &value) < 0)
		return why;
	unit = slice_make(text.data + digits, text.size - digits);
	if (value == 0 && unit.size == 0)
		return *out = 0, NULL;
	for (; units->name; units++) {
		if (!slice_equal_nocase(unit, slice_of(units->name)))
			continue;
		if (__builtin_mul_overflow((int64_t)value, units->factor, out))
			return "too large";
		return NULL;
	}
	return why;
}

const char *value_duration(struct slice text, int64_t *ms)
{
	static const struct unit units[] = {
		{ "ms", 1 },	  { "s", 1000 },     { "m", 60000 },
		{ "h", 3600000 }, { "d", 86400000 }, { NULL, 0 }
	};

	return with_unit(text, units, "not a time such as 250ms, 5s, 10m or 1h",
			 ms);
}

const char *value_size(struct slice text, int64_t *bytes)
{
	static const struct unit units[] = {
		{ "B", 1 },	    { "KB", 1 << 10 },	 { "MB", 1 << 20 },
		{ "GB", 1 << 30 },  { "TB", 1LL << 40 }, { "KiB", 1 << 10 },
		{ "MiB", 1 << 20 }, { "GiB", 1 << 30 },	 { "TiB", 1LL << 40 },
		{ NULL, 0 }
	};

	return with_unit(text, units, "not a size such as 64KB, 6MB or 1GB",
			 bytes);
}
