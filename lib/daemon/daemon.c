/* lib/daemon/daemon.c - the life of a daemon, from its arguments to its end */
#include "lib/daemon/daemon.h"
#include "lib/base/clock.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_REFUSED = 1, EXIT_UNUSABLE = 2 };

static void name_files(struct daemon_state *s)
{
	const struct args *a = &s->args;
	const char *data = a->data ? a->data : "/var/lib/parlor";

	s->data_dir = data;
	if (a->config)
		snprintf(s->config, sizeof(s->config), "%s", a->config);
	else
		snprintf(s->config, sizeof(s->config), "%s/parlor.yaml", data);
	if (!a->config && access(s->config, F_OK) < 0 && !a->data)
		snprintf(s->config, sizeof(s->config), "%s",
			 "/etc/parlor/parlor.yaml");
}

/* All of them wait for the main thread; other threads never see one. */
static void block_signals(sigset_t *set)
{
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(set);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	pthread_sigmask(SIG_BLOCK, set, NULL);
}

static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Under another name first: whoever waits for the file finds it complete. */
static int write_address(const char *path, const char *scheme,
			 const char *address, struct fault *fault)
{
	char early[4096];
	FILE *file;

	snprintf(early, sizeof(early), "%s.new", path);
	file = fopen(early, "we");
	if (file) {
		fprintf(file, "%s%s\n", scheme, address);
		if (fclose(file) == 0 && rename(early, path) == 0)
			return 0;
	}
	return fault_set(fault, E_UNAVAILABLE, "cannot write '%s': %s", path,
			 strerror(errno));
}

static int tell_addresses(const struct daemon_state *s, struct fault *fault)
{
	const char *path = s->args.address_file;
	char admin[4096];

	if (!path)
		return 0;
	snprintf(admin, sizeof(admin), "%s.admin", path);
	if (*s->admin_address &&
	    write_address(admin, "", s->admin_address, fault) < 0)
		return -fault->code;
	return write_address(path, s->tls ? "https://" : "", s->address, fault);
}

static int open_daemon(struct daemon_state *s, struct fault *fault)
{
	const struct daemon_settings *set = state_settings(s);

	if (log_open(s->daemon->name, (enum log_level)set->log_level,
		     set->log_file) < 0)
		return fault_set(fault, E_UNAVAILABLE, "cannot open '%s': %s",
				 set->log_file, strerror(errno));
	if (parts_make(s, fault) < 0)
		return -fault->code;
	s->service = s->daemon->start ? s->daemon->start(s, fault) : s;
	if (fault->code || !s->service)
		return fault_set(fault, E_UNAVAILABLE, "cannot start");
	if (front_open(s, fault) < 0 || threads_start(s, fault) < 0)
		return -fault->code;
	atomic_store(&s->phase, DAEMON_SERVING);
	return tell_addresses(s, fault);
}

/* Before anything goes that work may still need. */
static void end_work(struct daemon_state *s)
{
	if (s->daemon->end_work)
		s->daemon->end_work(s->service);
	threads_settle(s);
}

static void close_daemon(struct daemon_state *s)
{
	threads_stop(s);
	if (s->service)
		end_work(s);
	front_close(s);
	if (s->service && s->daemon->stop)
		s->daemon->stop(s->service);
	parts_free(s);
	log_flush();
}

static void reload(struct daemon_state *s)
{
	struct fault fault = { 0 };

	if (settings_reload(s, &fault) < 0)
		log_error("the settings stay as they were: %s", fault.message);
	else
		log_info("the settings were read again");
}

static void drained(void *arg)
{
	struct daemon_state *s = arg;

	sem_post(&s->drained);
}

static bool is_drained(struct daemon_state *s)
{
	return sem_trywait(&s->drained) == 0;
}

/* Until all connections are closed, the time is over, or somebody insists. */
static void drain(struct daemon_state *s, const sigset_t *signals)
{
	const struct timespec step = { .tv_nsec = 5 * 1000 * 1000 };
	int64_t until = clock_monotonic_ms() + state_settings(s)->drain_ms;
	int signal;

	log_info("stops");
	atomic_store(&s->phase, DAEMON_DRAINING);
	http_server_drain(s->server, drained, s);
	while (!is_drained(s) && clock_monotonic_ms() < until) {
		signal = sigtimedwait(signals, NULL, &step);
		if (signal == SIGTERM || signal == SIGINT) {
			log_warn("ends with requests under way");
			log_flush();
			_exit(0);
		}
	}
}

static void serve(struct daemon_state *s, const sigset_t *signals)
{
	int signal;

	log_info("serves at %s", s->address);
	while (sigwait(signals, &signal) == 0) {
		if (signal != SIGHUP)
			break;
		reload(s);
	}
	drain(s, signals);
}

static int run(struct daemon_state *s)
{
	struct fault fault = { 0 };
	sigset_t signals;

	block_signals(&signals);
	raise_descriptor_limit();
	umask(077);
	sem_init(&s->started, 0, 0);
	sem_init(&s->drained, 0, 0);
	if (open_daemon(s, &fault) == 0)
		serve(s, &signals);
	else
		log_error("%s", fault.message);
	close_daemon(s);
	return fault.code ? EXIT_REFUSED : 0;
}

static int run_command(struct daemon_state *s)
{
	const struct daemon_command *row = s->daemon->commands;
	struct fault fault = { 0 };

	while (row && row->name && strcmp(row->name, s->args.command) != 0)
		row++;
	if (!row || !row->name) {
		fprintf(stderr, "%s: '%s' is no command; try --help\n",
			s->daemon->name, s->args.command);
		return EXIT_UNUSABLE;
	}
	if (!row->run(state_settings(s), s->args.operand, &fault))
		return 0;
	fprintf(stderr, "%s: %s\n", s->daemon->name, fault.message);
	return EXIT_REFUSED;
}

static int with_settings(struct daemon_state *s)
{
	struct fault fault = { 0 };
	const char *admin;
	int status;

	atomic_store(&s->now, settings_read(s, &fault));
	if (fault.code) {
		fprintf(stderr, "%s: %s\n", s->daemon->name, fault.message);
		return EXIT_REFUSED;
	}
	admin = state_settings(s)->admin_listen;
	if (s->args.verb == ARGS_CHECK)
		status = printf("ok\n") < 0;
	else if (s->args.verb == ARGS_COMMAND)
		status = run_command(s);
	else if (s->args.verb == ARGS_HEALTH)
		status = admin ? health_ask(admin) : EXIT_UNUSABLE;
	else
		status = run(s);
	settings_free(atomic_load(&s->now));
	return status;
}

int daemon_main(int argc, char **argv, const struct daemon *d)
{
	static struct daemon_state state;
	struct daemon_state *s = &state;
	int status = 0;

	s->daemon = d;
	if (args_read(argc, argv, &s->args) < 0)
		return EXIT_UNUSABLE;
	name_files(s);
	settings_rows(s);
	switch (s->args.verb) {
	case ARGS_VERSION:
		printf("%s %s\n", d->name, PARLOR_VERSION);
		break;
	case ARGS_HELP:
	case ARGS_MANUAL:
	case ARGS_EXAMPLE:
		settings_print(s, s->args.verb);
		break;
	default:
		status = with_settings(s);
	}
	arena_release(&s->mem);
	return status;
}
