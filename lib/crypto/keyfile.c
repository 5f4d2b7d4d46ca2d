/* lib/crypto/keyfile.c - keys and secrets in files that only their owner reads
 */
#include "lib/crypto/keyfile.h"
#include "lib/base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, struct slice bytes)
{
	while (bytes.size) {
		ssize_t wrote = write(fd, bytes.data, bytes.size);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return -1;
		bytes.data += wrote;
		bytes.size -= (size_t)wrote;
	}
	return fsync(fd);
}

int keyfile_write(const char *path, struct slice bytes, struct fault *fault)
{
	int fd =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		 0600);
	int failed;

	if (fd < 0)
		return fault_set(fault, errno == EEXIST ? E_EXISTS : E_INTERNAL,
				 "cannot make '%s': %s", path, strerror(errno));
	failed = write_all(fd, bytes);
	if (close(fd))
		failed = -1;
	if (failed) {
		fault_set(fault, E_INTERNAL, "cannot write '%s': %s", path,
			  strerror(errno));
		unlink(path);
	}
	return -fault->code;
}

/* Opens a file that is its owner's alone. */
static int open_private(const char *path, struct fault *fault)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fault_set(fault, errno == ENOENT ? E_MISSING : E_DENIED,
				 "cannot open '%s': %s", path, strerror(errno));
	if (fstat(fd, &status) || !S_ISREG(status.st_mode))
		fault_set(fault, E_DENIED, "'%s' is not a file", path);
	else if (status.st_mode & (S_IRWXG | S_IRWXO))
		fault_set(fault, E_DENIED,
			  "'%s' must not be open to group or others "
			  "(mode %03o, want 600)",
			  path, (unsigned)status.st_mode & 0777);
	if (fault->code == E_NONE)
		return fd;
	close(fd);
	return -fault->code;
}

/* Returns the bytes read, at most `size`, or a negative code. */
static ssize_t read_private(const char *path, void *out, size_t size,
			    struct fault *fault)
{
	int fd = open_private(path, fault);
	ssize_t got = 0, more;

	if (fd < 0)
		return fd;
	do {
		more = read(fd, (char *)out + got, size - (size_t)got);
		if (more > 0)
			got += more;
	} while (more > 0 || (more < 0 && errno == EINTR));
	if (more < 0)
		got = fault_set(fault, E_INTERNAL, "cannot read '%s': %s", path,
				strerror(errno));
	close(fd);
	return got;
}

struct key *keyfile_make(const char *path, enum key_algorithm algorithm,
			 struct fault *fault)
{
	struct key *key = key_generate(algorithm);
	struct buffer pem;

	buffer_init(&pem, KEY_PEM_MAX);
	key_put_pem(key, &pem);
	if (keyfile_write(path, buffer_slice(&pem), fault)) {
		key_release(key);
		key = NULL;
	}
	OPENSSL_cleanse(pem.block, pem.capacity);
	buffer_release(&pem);
	return key;
}

struct key *keyfile_read(const char *path, enum key_algorithm algorithm,
			 struct fault *fault)
{
	char pem[KEY_PEM_MAX];
	ssize_t size = read_private(path, pem, sizeof(pem), fault);
	struct fault why;
	struct key *key;

	if (size < 0)
		return NULL;
	fault_clear(&why);
	key = key_from_pem(algorithm, slice_make(pem, (size_t)size), &why);
	OPENSSL_cleanse(pem, sizeof(pem));
	if (!key)
		fault_set(fault, E_INVALID, "'%s': %s", path, why.message);
	return key;
}

int keyfile_make_secret(const char *path, struct fault *fault)
{
	uint8_t secret[KEYFILE_SECRET];
	int result;

	random_bytes(secret, sizeof(secret));
	result = keyfile_write(path, slice_make(secret, sizeof(secret)), fault);
	OPENSSL_cleanse(secret, sizeof(secret));
	return result;
}

int keyfile_read_secret(const char *path, uint8_t out[KEYFILE_SECRET],
			struct fault *fault)
{
	uint8_t bytes[KEYFILE_SECRET + 1];
	ssize_t size = read_private(path, bytes, sizeof(bytes), fault);

	if (size >= 0 && size != KEYFILE_SECRET)
		fault_set(fault, E_INVALID, "'%s' must hold %d bytes", path,
			  KEYFILE_SECRET);
	else if (size >= 0)
		memcpy(out, bytes, KEYFILE_SECRET);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return -fault->code;
}
