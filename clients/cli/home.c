/* clients/cli/home.c - the user's own files */
#include "clients/cli/home.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder(struct cli *c)
{
	const char *own = getenv("PARLOR_HOME");
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (own && *own)
		return own;
	if (config && *config == '/')
		return arena_printf(&c->mem, "%s/parlor", config);
	if (home && *home)
		return arena_printf(&c->mem, "%s/.config/parlor", home);
	return NULL;
}

const char *home_path(struct cli *c, const char *name)
{
	const char *in = folder(c);

	if (in)
		return arena_printf(&c->mem, "%s/%s", in, name);
	cli_misuse(c, "neither PARLOR_HOME nor HOME is set");
	return NULL;
}

/* Makes the folders above a file. */
static void make_folders(struct cli *c, const char *path)
{
	char *copy = arena_copy(&c->mem, path, strlen(path));

	for (char *at = copy ? strchr(copy + 1, '/') : NULL; at;
	     at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(copy, 0700); /* the open below tells what is missing */
		*at = '/';
	}
}

static int write_all(int fd, struct slice content)
{
	while (content.size > 0) {
		ssize_t written = write(fd, content.data, content.size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return -1;
		content.data += written;
		content.size -= (size_t)written;
	}
	return fsync(fd);
}

int home_write(struct cli *c, const char *path, struct slice content)
{
	char *fresh = arena_printf(&c->mem, "%s.XXXXXX", path);
	int fd, result;

	make_folders(c, path);
	fd = mkostemp(fresh, O_CLOEXEC); /* of mode 0600 */
	if (fd < 0)
		return cli_fail(c, E_INTERNAL, "cannot write '%s': %s", path,
				strerror(errno));
	result = write_all(fd, content);
	if (close(fd) != 0 || result != 0 || rename(fresh, path) != 0) {
		cli_fail(c, E_INTERNAL, "cannot write '%s': %s", path,
			 strerror(errno));
		unlink(fresh);
		return -E_INTERNAL;
	}
	return 0;
}

int home_lock(struct cli *c, const char *name)
{
	const char *path = home_path(c, name);
	int fd;

	if (!path)
		return -1;
	make_folders(c, path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
		;
	return fd;
}

void home_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}
