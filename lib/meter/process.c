/* lib/meter/process.c - what the kernel knows of this process */
#include "lib/base/clock.h"
#include "lib/meter/metric.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

static int64_t started_ms;

__attribute__((constructor)) static void note_start(void)
{
	started_ms = clock_wall_ms();
}

static void print(struct buffer *b, const char *name, const char *type,
		  const char *help, double value)
{
	buffer_printf(b, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help,
		      name, type, name, value);
}

static double resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long size = 0, resident = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%lu %lu", &size, &resident) != 2)
		resident = 0;
	fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static double open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = -3; /* ".", ".." and the directory's own */

	if (!dir)
		return 0;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static double cpu_seconds(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
	       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

void metric_print_process(struct buffer *b)
{
	print(b, "process_resident_memory_bytes", "gauge", "Resident memory.",
	      resident_bytes());
	print(b, "process_open_fds", "gauge", "Open file descriptors.",
	      open_descriptors());
	print(b, "process_cpu_seconds_total", "counter",
	      "User and system time.", cpu_seconds());
	print(b, "process_start_time_seconds", "gauge",
	      "When it started, since 1970.", (double)started_ms / 1000);
}
