/* tests/bench/load.c - one load generator for both sides of a comparison
 *
 *	load --to ADDRESS --requests FILE [--connections N] [--seconds S]
 *	     [--warm S] [--pid PID]… [--once] [--rate N]
 *
 * Sends requests that were made beforehand over kept connections, one at a time
 * on each, as fast as answers come, and prints one line of JSON: how many, how
 * fast, how long they took, what CPU time each cost the processes named, and what
 * all cost the load generator itself.
 * ADDRESS is HOST:PORT or unix:PATH. FILE holds requests, each a 32-bit length
 * in the machine's order and that many bytes of HTTP; they are sent in turn,
 * from a random start, or with --once each once from the first. With --rate so
 * many are sent a second whatever comes back: one takes as long as since it was to
 * be sent, and one for which no connection is free is missed. An answer that isn't
 * 2xx counts as an error.
 */
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/slice.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1024, PIDS_MAX = 64, ANSWER_MAX = 1 << 20 };

/* Latencies in buckets of an eighth of a power of two of nanoseconds. */
enum { BUCKETS = 64 * 8 };

struct connection {
	int fd;
	struct slice request; /* what is still to be sent of it */
	int64_t sent_ns;
	uint8_t *answer;
	size_t have;
};

struct load {
	struct sockaddr_storage address;
	socklen_t address_size;
	struct slice *requests;
	size_t request_count, next;
	bool once;
	size_t at_work; /* connections that have a request */
	struct connection *connections;
	size_t connection_count;
	double rate;	/* 0: as fast as answers come */
	int64_t due_ns; /* when the next one is to be sent */
	struct connection *idle[CONNECTIONS_MAX];
	size_t idle_count;
	int epoll;
	uint64_t done, errors, bytes, missed;
	uint64_t latency[BUCKETS];
	long pids[PIDS_MAX];
	size_t pid_count;
};

_Noreturn static void die(const char *what, const char *subject)
{
	fprintf(stderr, "load: %s '%s': %s\n", what, subject, strerror(errno));
	exit(2);
}

/* ---- what is sent ------------------------------------------------------- */

static void read_requests(struct load *l, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	const uint8_t *at, *end;
	size_t room = 0;

	if (fd < 0 || fstat(fd, &stat) != 0 || stat.st_size < 4)
		die("cannot read", file);
	at = mmap(NULL, (size_t)stat.st_size, PROT_READ,
		  MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (at == MAP_FAILED)
		die("cannot map", file);
	close(fd);
	for (end = at + stat.st_size; end - at >= 4;) {
		uint32_t size;

		memcpy(&size, at, 4);
		at += 4;
		if (size > (size_t)(end - at))
			break;
		if (l->request_count == room) {
			room = room ? room * 2 : 1024;
			l->requests =
			    realloc(l->requests, room * sizeof(*l->requests));
			if (!l->requests)
				abort();
		}
		l->requests[l->request_count++] = slice_make(at, size);
		at += size;
	}
	if (l->request_count == 0)
		die("no requests in", file);
}

static void resolve(struct load *l, const char *text)
{
	struct sockaddr_un *path = (struct sockaddr_un *)&l->address;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	char host[256] = "";
	const char *colon = strrchr(text, ':');

	if (strncmp(text, "unix:", 5) == 0) {
		path->sun_family = AF_UNIX;
		snprintf(path->sun_path, sizeof(path->sun_path), "%s",
			 text + 5);
		l->address_size = sizeof(*path);
		return;
	}
	if (!colon)
		die("no port in", text);
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
		die("cannot resolve", text);
	memcpy(&l->address, found->ai_addr, found->ai_addrlen);
	l->address_size = found->ai_addrlen;
	freeaddrinfo(found);
}

/* ---- a connection ------------------------------------------------------- */

static void push(struct load *l, struct connection *c)
{
	/* NOLINTBEGIN: read_requests filled what begin takes */
	ssize_t sent =
	    send(c->fd, c->request.data, c->request.size, MSG_NOSIGNAL);
	/* NOLINTEND */

	if (sent < 0 && errno != EAGAIN)
		die("cannot send to", "the server");
	if (sent > 0)
		c->request = slice_make(c->request.data + sent,
					c->request.size - (size_t)sent);
	if (c->request.size) {
		struct epoll_event want = { .events = EPOLLIN | EPOLLOUT,
					    .data.ptr = c };

		epoll_ctl(l->epoll, EPOLL_CTL_MOD, c->fd, &want);
	}
}

static void send_next(struct load *l, struct connection *c, int64_t now)
{
	c->request = l->requests[l->next];
	l->next++;
	if (!l->once)
		l->next %= l->request_count;
	c->have = 0;
	c->sent_ns = now;
	push(l, c);
}

static void begin(struct load *l, struct connection *c)
{
	if (l->rate > 0) {
		l->idle[l->idle_count++] = c;
		return;
	}
	if (l->once && l->next == l->request_count) {
		l->at_work--;
		return;
	}
	send_next(l, c, clock_monotonic_ns());
}

/* Sends what is due by now. */
static void keep_pace(struct load *l)
{
	for (; l->rate > 0 && l->due_ns <= clock_monotonic_ns();
	     l->due_ns += (int64_t)(1e9 / l->rate))
		if (l->idle_count)
			send_next(l, l->idle[--l->idle_count], l->due_ns);
		else
			l->missed++;
}

static void open_connection(struct load *l, struct connection *c)
{
	struct epoll_event want = { .events = EPOLLIN, .data.ptr = c };
	int on = 1;

	c->fd = socket(l->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&l->address,
				 l->address_size) != 0)
		die("cannot connect to", "the server");
	if (l->address.ss_family != AF_UNIX)
		setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	if (!c->answer)
		c->answer = malloc(ANSWER_MAX);
	if (!c->answer || epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &want) != 0)
		abort();
	begin(l, c);
}

static void reopen(struct load *l, struct connection *c)
{
	close(c->fd);
	open_connection(l, c);
}

/* The whole answer's size, 0 while the header isn't there. Servers here answer
 * with Content-Length, chunked or nothing; `ends_chunked` tells the second. */
static size_t answer_size(const struct connection *c, bool *ends_chunked)
{
	const char *head = (const char *)c->answer;
	const char *end = memmem(head, c->have, "\r\n\r\n", 4);
	const char *at, *stop;

	*ends_chunked = false;
	if (!end)
		return 0;
	for (at = head; at < end; at = stop + 2) {
		stop = memmem(at, (size_t)(end + 2 - at), "\r\n", 2);
		if (strncasecmp(at, "content-length:", 15) == 0)
			return (size_t)(end + 4 - head) +
			       strtoul(at + 15, NULL, 10);
		if (strncasecmp(at, "transfer-encoding:", 18) == 0)
			*ends_chunked = true;
	}
	return (size_t)(end + 4 - head);
}

static bool is_whole(const struct connection *c)
{
	bool chunked;
	size_t size = answer_size(c, &chunked);

	if (chunked)
		return c->have >= 5 &&
		       memcmp(c->answer + c->have - 5, "0\r\n\r\n", 5) == 0;
	return size && c->have >= size;
}

static void note_latency(struct load *l, int64_t ns)
{
	uint64_t value = ns > 0 ? (uint64_t)ns : 1;
	int power = 63 - __builtin_clzll(value);
	uint64_t part = power >= 3 ? (value >> (power - 3)) & 7 : 0;

	l->latency[(uint64_t)power * 8 + part]++;
}

static void on_readable(struct load *l, struct connection *c)
{
	ssize_t got = recv(c->fd, c->answer + c->have, ANSWER_MAX - c->have, 0);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		l->errors += c->have || c->request.size;
		reopen(l, c);
		return;
	}
	c->have += (size_t)got;
	if (!is_whole(c))
		return;
	l->done++;
	l->bytes += c->have;
	l->errors += c->have < 10 || c->answer[9] != '2';
	note_latency(l, clock_monotonic_ns() - c->sent_ns);
	begin(l, c);
}

static void run(struct load *l, double seconds)
{
	int64_t end = clock_monotonic_ns() + (int64_t)(seconds * 1e9);
	struct epoll_event ready[128];

	while (l->at_work && clock_monotonic_ns() < end) {
		int count =
		    epoll_wait(l->epoll, ready, 128, l->rate > 0 ? 1 : 100);

		keep_pace(l);
		for (int i = 0; i < count; i++) {
			struct connection *c = ready[i].data.ptr;

			if (ready[i].events & EPOLLOUT && c->request.size)
				push(l, c);
			if (ready[i].events & ~(uint32_t)EPOLLOUT)
				on_readable(l, c);
		}
	}
}

/* ---- what it cost ------------------------------------------------------- */

/* User and system time of a process and its threads, in microseconds. */
static double cpu_us(long pid)
{
	char path[64], line[1024];
	unsigned long user, system;
	const char *at;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (!file)
		die("no process", path);
	at = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
	fclose(file);
	if (!at || sscanf(at + 2,
			  "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			  &user, &system) != 2)
		die("cannot read", path);
	return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

static double own_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double all_cpu_us(const struct load *l)
{
	double sum = 0;

	for (size_t i = 0; i < l->pid_count; i++)
		sum += cpu_us(l->pids[i]);
	return sum;
}

static double percentile_us(const struct load *l, double part)
{
	uint64_t rank = (uint64_t)((double)l->done * part), seen = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		seen += l->latency[i];
		if (seen > rank) {
			double low = (double)(1ull << (i / 8));

			return low * (1 + (double)(i % 8) / 8) / 1000;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "to", required_argument, NULL, 't' },
		{ "requests", required_argument, NULL, 'r' },
		{ "connections", required_argument, NULL, 'c' },
		{ "seconds", required_argument, NULL, 's' },
		{ "warm", required_argument, NULL, 'w' },
		{ "pid", required_argument, NULL, 'p' },
		{ "once", no_argument, NULL, 'o' },
		{ "rate", required_argument, NULL, 'a' },
		{ 0 },
	};
	struct load l = { .connection_count = 64 };
	double seconds = 3, warm = 0.5, cpu, own, took;
	const char *file = NULL;
	int64_t start;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 't')
			resolve(&l, optarg);
		else if (option == 'r')
			file = optarg;
		else if (option == 'c')
			l.connection_count = strtoul(optarg, NULL, 10);
		else if (option == 's')
			seconds = strtod(optarg, NULL);
		else if (option == 'w')
			warm = strtod(optarg, NULL);
		else if (option == 'o')
			l.once = true;
		else if (option == 'a')
			l.rate = strtod(optarg, NULL);
		else if (option == 'p' && l.pid_count < PIDS_MAX)
			l.pids[l.pid_count++] = strtol(optarg, NULL, 10);
		else
			exit(2);
	}
	if (!file || !l.address_size || l.connection_count == 0 ||
	    l.connection_count > CONNECTIONS_MAX) {
		fputs("usage: load --to ADDRESS --requests FILE "
		      "[--connections N] [--seconds S] [--warm S] "
		      "[--pid PID]... [--once] [--rate N]\n",
		      stderr);
		return 2;
	}
	read_requests(&l, file);
	if (l.once)
		warm = 0;
	else
		l.next = random_below(l.request_count);
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	l.connections = calloc(l.connection_count, sizeof(*l.connections));
	if (l.epoll < 0 || !l.connections)
		abort();
	cpu = all_cpu_us(&l);
	own = own_us();
	start = l.due_ns = clock_monotonic_ns();
	l.at_work = l.connection_count;
	for (size_t i = 0; i < l.connection_count; i++)
		open_connection(&l, &l.connections[i]);
	if (warm > 0) {
		run(&l, warm);
		l.done = l.errors = l.bytes = l.missed = 0;
		memset(l.latency, 0, sizeof(l.latency));
		cpu = all_cpu_us(&l);
		own = own_us();
		start = clock_monotonic_ns();
	}
	run(&l, seconds);
	took = (double)(clock_monotonic_ns() - start) / 1e9;
	cpu = all_cpu_us(&l) - cpu;
	own = own_us() - own;
	printf("{\"requests\":%llu,\"errors\":%llu,\"seconds\":%.3f,"
	       "\"rate\":%.1f,\"bytes\":%llu,\"p50_us\":%.1f,"
	       "\"p99_us\":%.1f,\"cpu_us\":%.3f,\"own_us\":%.0f,"
	       "\"missed\":%llu}\n",
	       (unsigned long long)l.done, (unsigned long long)l.errors, took,
	       (double)l.done / took, (unsigned long long)l.bytes,
	       percentile_us(&l, 0.5), percentile_us(&l, 0.99),
	       l.done ? cpu / (double)l.done : 0, own,
	       (unsigned long long)l.missed);
	free(l.connections);
	return l.errors > l.done / 100;
}
