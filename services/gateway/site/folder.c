/* services/gateway/site/folder.c - a folder's files, read whole */
#include "services/gateway/site/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(struct fault *fault, const char *path)
{
	return fault_set(fault, E_INVALID, "cannot read '%s': %s", path,
			 strerror(errno));
}

static int read_bytes(int fd, uint8_t *bytes, size_t size)
{
	size_t had = 0;

	while (had < size) {
		ssize_t got = read(fd, bytes + had, size - had);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EIO; /* it was cut off meanwhile */
		if (got <= 0)
			return -1;
		had += (size_t)got;
	}
	return 0;
}

static int read_file(struct folder *f, int fd, const char *path, size_t size,
		     struct fault *fault)
{
	uint8_t *bytes = arena_alloc(f->mem, size + 1);

	if (!bytes)
		return fault_set(fault, E_INVALID, "more than %zu bytes",
				 f->mem->max);
	if (f->files++ == f->files_max)
		return fault_set(fault, E_INVALID, "more than %zu files",
				 f->files_max);
	if (read_bytes(fd, bytes, size) != 0)
		return refuse(fault, path);
	f->add(f, slice_of(path), slice_make(bytes, size));
	return 0;
}

static int read_folder(struct folder *f, int fd, const char *path, size_t depth,
		       struct fault *fault);

/* Takes over the descriptor. */
static int read_entry(struct folder *f, int fd, const char *path, size_t depth,
		      struct fault *fault)
{
	struct stat status;
	int result = 0;

	if (fstat(fd, &status) != 0)
		result = refuse(fault, path);
	else if (S_ISDIR(status.st_mode))
		return read_folder(f, fd, path, depth + 1, fault);
	else if (S_ISREG(status.st_mode))
		result = read_file(f, fd, path, (size_t)status.st_size, fault);
	close(fd);
	return result;
}

static int read_name(struct folder *f, int folder, const char *path,
		     const char *name, size_t depth, struct fault *fault)
{
	const char *whole = arena_printf(f->mem, "%s/%s", path, name);
	int fd;

	if (!whole)
		return fault_set(fault, E_INVALID, "more than %zu bytes",
				 f->mem->max);
	fd = openat(folder, name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		return read_entry(f, fd, whole, depth, fault);
	return errno == ELOOP ? 0 : refuse(fault, whole);
}

/* Takes over the descriptor. */
static int read_folder(struct folder *f, int fd, const char *path, size_t depth,
		       struct fault *fault)
{
	DIR *dir = depth <= f->depth_max ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	int result = 0;

	if (!dir) {
		close(fd);
		return fault_set(fault, E_INVALID,
				 "'%s' cannot be listed, or lies deeper than "
				 "%zu folders",
				 path, f->depth_max);
	}
	while (result == 0 && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			result =
			    read_name(f, fd, path, entry->d_name, depth, fault);
	closedir(dir);
	return result;
}

int folder_read(struct folder *f, const char *root, struct fault *fault)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? refuse(fault, root) : read_folder(f, fd, "", 0, fault);
}
