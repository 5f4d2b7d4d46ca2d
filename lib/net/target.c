/* lib/net/target.c - where a service is found: one name, many addresses */
#include "lib/net/target.h"
#include "lib/base/buffer.h"
#include "lib/net/address.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>

enum { TARGET_FILE_MAX = 1 << 20, TARGET_ADDRESSES_MAX = 1024 };

struct target {
	char *path; /* of a file to follow; or NULL */
	struct stat seen;
	pthread_mutex_t lock; /* of `list`, to take it or to replace it */
	struct target_list *list;
	atomic_uint version;
};

/* A list while it is made; grows. */
struct builder {
	struct target_list *list;
	size_t room;
};

static void grow(struct builder *b)
{
	size_t room = b->room ? b->room * 2 : 4;

	b->list =
	    realloc(b->list, sizeof(*b->list) + room * sizeof(*b->list->rows));
	if (!b->list)
		abort();
	if (b->room == 0) {
		b->list->references = 1;
		b->list->count = 0;
	}
	b->room = room;
}

static void add(struct builder *b, const struct sockaddr *socket,
		socklen_t size, bool tls, const char *text)
{
	struct target_address *row;

	if (b->list->count == b->room)
		grow(b);
	row = &b->list->rows[b->list->count++];
	memset(row, 0, sizeof(*row));
	memcpy(&row->socket, socket, size);
	row->size = size;
	row->tls = tls;
	snprintf(row->text, sizeof(row->text), "%s", text);
}

/* All addresses of a name. */
static int add_name(struct builder *b, const char *text, bool tls,
		    struct fault *why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	char host[ADDRESS_TEXT], port[8];
	int error;

	if (address_split(text, host, sizeof(host), port, sizeof(port)) != 0)
		return fault_set(why, E_INVALID, "'%s' is not HOST:PORT", text);
	error = getaddrinfo(host, port, &hints, &found);
	if (error)
		return fault_set(why, E_UNAVAILABLE, "cannot find '%s': %s",
				 host, gai_strerror(error));
	for (struct addrinfo *at = found; at; at = at->ai_next)
		add(b, at->ai_addr, at->ai_addrlen, tls, text);
	freeaddrinfo(found);
	return 0;
}

static bool cut_prefix(const char **text, const char *prefix)
{
	size_t size = strlen(prefix);

	if (strncmp(*text, prefix, size) != 0)
		return false;
	*text += size;
	return true;
}

/* One entry of a list or line of a file. */
static int add_entry(struct builder *b, struct slice entry, struct fault *why)
{
	char copy[ADDRESS_TEXT];
	const char *text = copy;
	struct address literal;
	struct fault ignored;
	bool tls;

	if (entry.size >= sizeof(copy))
		return fault_set(why, E_INVALID, "address '%.*s' is too long",
				 SLICE_ARGS(entry));
	if (b->list->count >= TARGET_ADDRESSES_MAX)
		return fault_set(why, E_INVALID, "more than %d addresses",
				 TARGET_ADDRESSES_MAX);
	memcpy(copy, entry.data, entry.size);
	copy[entry.size] = '\0';
	tls = cut_prefix(&text, "https://");
	if (!tls)
		cut_prefix(&text, "http://");
	if (cut_prefix(&text, "dns:"))
		return add_name(b, text, tls, why);
	fault_clear(&ignored);
	if (address_parse(text, &literal, &ignored) == 0) {
		add(b, (struct sockaddr *)&literal.socket, literal.size, tls,
		    text);
		return 0;
	}
	if (strncmp(text, "unix:", 5) == 0)
		return fault_set(why, E_INVALID, "%s", ignored.message);
	return add_name(b, text, tls, why);
}

/* NULL with words when an entry is wrong. */
static struct target_list *parse_list(struct slice text, char separator,
				      struct fault *why)
{
	struct builder b = { 0 };
	int result = 0;

	grow(&b);
	while (text.size && result == 0) {
		struct slice entry = slice_cut(&text, separator);

		if (separator == '\n')
			entry = slice_cut(&entry, '#');
		if (entry.size && entry.data[entry.size - 1] == '\r')
			entry.size--;
		entry = slice_trim(entry);
		if (entry.size)
			result = add_entry(&b, entry, why);
	}
	if (result == 0)
		return b.list;
	free(b.list);
	return NULL;
}

static struct target_list *read_file(struct target *t, struct fault *why)
{
	FILE *file = fopen(t->path, "re");
	struct target_list *list = NULL;
	struct buffer text;
	uint8_t *place;

	if (!file) {
		fault_set(why, E_UNAVAILABLE, "cannot open '%s': %s", t->path,
			  strerror(errno));
		return NULL;
	}
	buffer_init(&text, TARGET_FILE_MAX);
	fstat(fileno(file), &t->seen);
	while ((place = buffer_reserve(&text, 4096)) != NULL) {
		size_t size = fread(place, 1, 4096, file);

		if (size == 0)
			break;
		buffer_added(&text, size);
	}
	if (text.failed || ferror(file))
		fault_set(why, E_INVALID, "cannot read '%s'", t->path);
	else
		list = parse_list(buffer_slice(&text), '\n', why);
	fclose(file);
	buffer_release(&text);
	return list;
}

struct target *target_new(const char *text, struct fault *why)
{
	struct target *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	pthread_mutex_init(&t->lock, NULL);
	if (cut_prefix(&text, "file:")) {
		t->path = strdup(text);
		if (!t->path)
			abort();
		t->list = read_file(t, why);
	} else {
		t->list = parse_list(slice_of(text), ',', why);
		if (t->list && t->list->count == 0) {
			fault_set(why, E_INVALID, "no address in '%s'", text);
			target_list_release(t->list);
			t->list = NULL;
		}
	}
	if (t->list)
		return t;
	target_free(t);
	return NULL;
}

void target_free(struct target *t)
{
	if (!t)
		return;
	target_list_release(t->list);
	pthread_mutex_destroy(&t->lock);
	free(t->path);
	free(t);
}

unsigned target_version(const struct target *t)
{
	return atomic_load_explicit(&t->version, memory_order_acquire);
}

struct target_list *target_list(struct target *t)
{
	struct target_list *list;

	pthread_mutex_lock(&t->lock);
	list = t->list;
	__atomic_fetch_add(&list->references, 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&t->lock);
	return list;
}

void target_list_release(struct target_list *list)
{
	if (list &&
	    __atomic_sub_fetch(&list->references, 1, __ATOMIC_ACQ_REL) == 0)
		free(list);
}

static bool has_changed(const struct target *t)
{
	struct stat now;

	return stat(t->path, &now) == 0 &&
	       (now.st_ino != t->seen.st_ino ||
		now.st_size != t->seen.st_size ||
		now.st_mtim.tv_sec != t->seen.st_mtim.tv_sec ||
		now.st_mtim.tv_nsec != t->seen.st_mtim.tv_nsec);
}

void target_follow(struct target *t)
{
	struct target_list *fresh, *old;
	struct fault ignored;

	if (!t->path || !has_changed(t))
		return;
	fault_clear(&ignored);
	fresh = read_file(t, &ignored);
	if (!fresh)
		return;
	pthread_mutex_lock(&t->lock);
	old = t->list;
	t->list = fresh;
	atomic_fetch_add_explicit(&t->version, 1, memory_order_release);
	pthread_mutex_unlock(&t->lock);
	target_list_release(old);
}
