/* lib/meter/log.h - a line of JSON for each thing that happened
 *
 * Lines go to standard error or a file, in one write(2) each, or, in a thread
 * that gathers them, in one write for all of a turn; any thread, no lock. A
 * line is bounded: long texts are cut. Secrets never come here: no header
 * values, no bodies.
 *
 * The room: what a daemon says about itself (log, metrics) and what it counts
 * for the bill (spool). It knows files and clocks, no sockets and no service.
 */
#ifndef PARLOR_METER_LOG_H
#define PARLOR_METER_LOG_H

#include "lib/base/slice.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* `file` NULL is standard error. Called again it reopens (SIGHUP), while other
 * threads go on writing. Returns 0, or -1 with errno when the file cannot be
 * opened: then everything stays as it was. */
int log_open(const char *daemon, enum log_level, const char *file);

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

/* From now on this thread's lines below LOG_WARN wait for log_flush, or for
 * 64 KB of them. Whoever asks for it flushes at the end of each turn. */
void log_gather(void);

/* Writes what this thread has gathered. */
void log_flush(void);

#endif
