/* services/auth/mail/folder.c - messages as files, for a machine of one's own */
#include "services/auth/mail/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_file(const char *path, struct slice text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int failed = fd < 0;

	while (!failed && text.size) {
		ssize_t wrote = write(fd, text.data, text.size);

		if (wrote < 0 && errno != EINTR)
			failed = 1;
		if (wrote > 0) {
			text.data += wrote;
			text.size -= (size_t)wrote;
		}
	}
	if (fd >= 0 && close(fd))
		failed = 1;
	return failed ? -1 : 0;
}

int auth_folder_put(const char *folder, struct slice message, int64_t when,
		    const char *unique, struct fault *fault)
{
	char draft[PATH_MAX], path[PATH_MAX];

	snprintf(draft, sizeof(draft), "%s/.%s.draft", folder, unique);
	snprintf(path, sizeof(path), "%s/%lld-%s.eml", folder, (long long)when,
		 unique);
	if ((!mkdir(folder, 0700) || errno == EEXIST) &&
	    !write_file(draft, message) && !rename(draft, path))
		return 0;
	unlink(draft);
	return fault_set(fault, E_CODE_DELIVERY,
			 "The confirmation code could not be delivered.");
}
