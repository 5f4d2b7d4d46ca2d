/* lib/meter/log.c - a line of JSON for each thing that happened */
#include "lib/meter/log.h"
#include "lib/base/buffer.h"
#include "lib/base/clock.h"
#include "lib/base/quote.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

enum {
	LOG_GATHERED = 64 * 1024,
	LOG_LINE = 16 * 1024, /* no line of ours comes near it */
	LOG_MESSAGE = 2000,   /* bytes of a text, before it is quoted */
	LOG_WORD = 300,
};

static struct {
	char daemon[32];
	_Atomic int level;
	_Atomic int fd; /* a copy of ours; files come and go beneath it */
} out = { "parlor", LOG_INFO, STDERR_FILENO };

/* What a thread has gathered; freed at its end. */
static _Thread_local struct {
	struct buffer lines;
	bool ready, gathers;
	int64_t second;
	char second_text[CLOCK_TEXT];
} mine;
static pthread_key_t at_thread_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void thread_end(void *unused)
{
	(void)unused;
	log_flush();
	buffer_release(&mine.lines);
	mine.ready = false;
}

static void make_key(void)
{
	pthread_key_create(&at_thread_end, thread_end);
}

static struct buffer *begin(void)
{
	if (!mine.ready) {
		pthread_once(&once, make_key);
		pthread_setspecific(at_thread_end, &mine);
		buffer_init(&mine.lines, LOG_GATHERED + LOG_LINE);
		mine.ready = true;
	}
	return &mine.lines;
}

static void write_all(struct slice s)
{
	while (s.size) {
		ssize_t n = write(atomic_load(&out.fd), s.data, s.size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* a full disk costs log lines, nothing else */
		s.data += n;
		s.size -= (size_t)n;
	}
}

void log_flush(void)
{
	if (!mine.ready || !buffer_size(&mine.lines))
		return;
	write_all(buffer_slice(&mine.lines));
	buffer_reset(&mine.lines);
}

void log_gather(void)
{
	mine.gathers = true;
}

int log_open(const char *daemon, enum log_level level, const char *file)
{
	int fd =
	    file ? open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640)
		 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	int now = atomic_load(&out.fd);

	if (fd < 0)
		return -1;
	log_flush();
	if (now == STDERR_FILENO) {
		atomic_store(&out.fd, fd);
	} else {
		dup3(fd, now, O_CLOEXEC); /* under whoever writes just now */
		close(fd);
	}
	if (strcmp(out.daemon, daemon) != 0)
		snprintf(out.daemon, sizeof(out.daemon), "%s", daemon);
	atomic_store(&out.level, (int)level);
	return 0;
}

/* Formatting a date costs more than the rest of a line; a second has one. */
static void put_time(struct buffer *b)
{
	int64_t now = clock_wall_ms(), second = now / 1000;
	unsigned ms = (unsigned)(now % 1000);
	char fraction[] = { '.', (char)('0' + ms / 100),
			    (char)('0' + ms / 10 % 10), (char)('0' + ms % 10),
			    'Z' };

	if (mine.second != second || !second) {
		clock_format(now, mine.second_text);
		mine.second = second;
	}
	buffer_put(b, mine.second_text, 19);
	buffer_put(b, fraction, sizeof(fraction));
}

static void put_head(struct buffer *b, enum log_level level)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };

	buffer_put_text(b, "{\"time\":\"");
	put_time(b);
	buffer_put_text(b, "\",\"level\":\"");
	buffer_put_text(b, names[level]);
	buffer_put_text(b, "\",\"daemon\":\"");
	buffer_put_text(b, out.daemon);
	buffer_put_byte(b, '"');
}

static void put_text(struct buffer *b, const char *key, struct slice value,
		     size_t max)
{
	if (!value.size)
		return;
	buffer_put_text(b, key);
	buffer_put_quoted(b, slice_make(value.data,
					value.size < max ? value.size : max));
}

static void put_number(struct buffer *b, const char *key, uint64_t value)
{
	buffer_put_text(b, key);
	buffer_put_u64(b, value);
}

static void end(struct buffer *b, enum log_level level)
{
	buffer_put_text(b, "}\n");
	if (!mine.gathers || level >= LOG_WARN ||
	    buffer_size(b) >= LOG_GATHERED)
		log_flush();
}

void log_line(enum log_level level, const char *format, ...)
{
	char text[LOG_MESSAGE];
	struct buffer *b;
	va_list args;

	if ((int)level < atomic_load_explicit(&out.level, memory_order_relaxed))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	b = begin();
	put_head(b, level);
	put_text(b, ",\"message\":", slice_of(text), LOG_MESSAGE);
	end(b, level);
}

void log_request(const struct log_request *r)
{
	struct buffer *b;

	if (LOG_INFO < atomic_load_explicit(&out.level, memory_order_relaxed))
		return;
	b = begin();
	put_head(b, LOG_INFO);
	put_text(b, ",\"operation\":", slice_of(r->operation), LOG_WORD);
	put_text(b, ",\"resource\":", slice_of(r->resource), LOG_WORD);
	put_text(b, ",\"principal\":", r->principal, LOG_WORD);
	put_number(b, ",\"status\":", r->status < 0 ? 0 : (uint64_t)r->status);
	put_text(b, ",\"code\":", slice_of(r->code), LOG_WORD);
	put_number(b, ",\"us\":",
		   r->microseconds < 0 ? 0 : (uint64_t)r->microseconds);
	put_number(b, ",\"in\":", r->bytes_in);
	put_number(b, ",\"out\":", r->bytes_out);
	put_text(b, ",\"peer\":", slice_of(r->peer), LOG_WORD);
	put_text(b, ",\"trace\":", slice_of(r->trace), LOG_WORD);
	put_text(b, ",\"request_id\":", r->request_id, LOG_WORD);
	end(b, LOG_INFO);
}
