/* lib/base/fault.c - every way a request can be refused, in one list */
#include "lib/base/fault.h"

#include <stdarg.h>
#include <stdio.h>

#define FAULT_ROW(code, connect, status, aws, aws_status) \
	[code] = { connect, status, aws, aws_status },
static const struct fault_row rows[E_COUNT] = { [E_NONE] = { "", 200, "", 200 },
						FAULT_LIST(FAULT_ROW) };
#undef FAULT_ROW

const struct fault_row *fault_row(int code)
{
	if (code < 0)
		code = -code;
	return &rows[code < E_COUNT ? code : E_UNKNOWN];
}

int fault_from_connect(struct slice name)
{
	for (int code = E_NONE + 1; code < E_COUNT; code++)
		if (slice_is(name, rows[code].connect))
			return code;
	return E_UNKNOWN;
}

int fault_set(struct fault *f, int code, const char *format, ...)
{
	va_list args;

	if (f->code == E_NONE) {
		f->code = code < 0 ? -code : code;
		va_start(args, format);
		vsnprintf(f->message, sizeof(f->message), format, args);
		va_end(args);
	}
	return -f->code;
}
