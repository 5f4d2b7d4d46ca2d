/* lib/meter/log.h - a line of JSON for each thing that happened
 *
 * One write(2) a line to standard error or a file; any thread, no lock on the
 * way of a request (lines gather in the thread and go out at the end of its
 * turn). Secrets never come here: no header values, no bodies.
 */
#ifndef PARLOR_METER_LOG_H
#define PARLOR_METER_LOG_H

#include "lib/base/slice.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* `file` NULL is standard error. Called again it reopens (SIGHUP). */
void log_open(const char *daemon, enum log_level, const char *file);

void log_line(enum log_level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

/* One served request. */
struct log_request {
	const char *operation, *resource, *peer, *trace, *code;
	struct slice principal, request_id;
	int status;
	int64_t microseconds;
	uint64_t bytes_in, bytes_out;
};
void log_request(const struct log_request *);

/* Writes what this thread has gathered. */
void log_flush(void);

#endif
