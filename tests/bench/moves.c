/* tests/bench/moves.c - players who move as fast as they are answered
 *
 *	moves --to HOST:PORT --tokens FILE [--file PATH] [--moves N]
 *
 * Every two of the access tokens in FILE (a line each) are players of Connect
 * Four who play N moves, match after match, through the gateway, each two in a
 * thread of their own. With a file each move is followed by an fdatasync of
 * 4 KB in it, preallocated, of the same disk. Prints the medians of both in
 * microseconds, and all moves per second.
 */
#include "lib/base/buffer.h"
#include "lib/base/clock.h"

#include "parlor/game/v1/matches.pb-c.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	ANSWER_MAX = 64 << 10,
	MOVES_MAX = 100000,
	PAIRS_MAX = 256,
	COLUMNS = 7,
	SYNC = 4096
};

struct player {
	const char *host;
	char token[4096];
	int fd;
	uint8_t answer[ANSWER_MAX];
};

struct pair {
	struct player players[2];
	pthread_t thread;
	size_t wanted;
	int sync_file;		/* -1: none */
	int64_t *moves, *syncs; /* microseconds each */
};

static void die(const char *what)
{
	fprintf(stderr, "moves: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int dial(const char *to)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	const char *colon = strrchr(to, ':');
	char host[256];
	int fd, on = 1;

	if (!colon)
		die("no port");
	snprintf(host, sizeof(host), "%.*s", (int)(colon - to), to);
	if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
		die("cannot resolve");
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0)
		die("cannot connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	freeaddrinfo(found);
	return fd;
}

/* One answer with a Content-Length: its body. */
static struct slice receive(struct player *p, const char *method)
{
	size_t have = 0;

	while (have < ANSWER_MAX - 1) {
		ssize_t got =
		    recv(p->fd, p->answer + have, ANSWER_MAX - 1 - have, 0);
		const char *head = (const char *)p->answer, *end, *length;
		size_t body, size;

		if (got <= 0)
			die("no answer");
		have += (size_t)got;
		p->answer[have] = '\0';
		end = strstr(head, "\r\n\r\n");
		length = strcasestr(head, "\r\ncontent-length:");
		if (!end || !length)
			continue;
		body = (size_t)(end + 4 - head);
		size = strtoul(length + 17, NULL, 10);
		if (have < body + size)
			continue;
		if (head[9] != '2') {
			fprintf(stderr, "moves: %s: %s\n", method, head);
			exit(1);
		}
		return slice_make(head + body, size);
	}
	errno = EMSGSIZE;
	die("too long an answer");
	return slice_make(NULL, 0);
}

static struct slice call(struct player *p, const char *method,
			 const ProtobufCMessage *message)
{
	uint8_t packed[1024];
	size_t size = protobuf_c_message_pack(message, packed);
	struct buffer out;
	struct slice bytes;

	buffer_init(&out, 16384);
	buffer_printf(&out,
		      "POST /parlor.game.v1.Matches/%s HTTP/1.1\r\n"
		      "Host: %s\r\nContent-Type: application/proto\r\n"
		      "Authorization: Bearer %s\r\n"
		      "Content-Length: %zu\r\n\r\n",
		      method, p->host, p->token, size);
	buffer_put(&out, packed, size);
	bytes = buffer_slice(&out);
	if (send(p->fd, bytes.data, bytes.size, MSG_NOSIGNAL) !=
	    (ssize_t)bytes.size)
		die("cannot send");
	buffer_release(&out);
	return receive(p, method);
}

static Parlor__Game__V1__PlayMoveResponse *play(struct player *p, char *match,
						int64_t version, int column,
						int64_t *took_us)
{
	Parlor__Game__V1__PlayMoveRequest move =
	    PARLOR__GAME__V1__PLAY_MOVE_REQUEST__INIT;
	char text[2] = { (char)('0' + column), '\0' };
	int64_t start = clock_monotonic_ns();
	struct slice answer;

	move.match_id = match;
	move.move = text;
	move.has_version = 1;
	move.version = version;
	answer = call(p, "PlayMove", &move.base);
	*took_us = (clock_monotonic_ns() - start) / 1000;
	return parlor__game__v1__play_move_response__unpack(NULL, answer.size,
							    answer.data);
}

/* A match between the two; its id and version, for the first move. */
static char *begin(struct player players[2], int64_t *version)
{
	Parlor__Game__V1__CreateMatchRequest create =
	    PARLOR__GAME__V1__CREATE_MATCH_REQUEST__INIT;
	Parlor__Game__V1__JoinMatchRequest join =
	    PARLOR__GAME__V1__JOIN_MATCH_REQUEST__INIT;
	Parlor__Game__V1__CreateMatchResponse *created;
	Parlor__Game__V1__JoinMatchResponse *joined;
	char game[] = "connect-four", *id;
	struct slice answer;

	create.game = game;
	answer = call(&players[0], "CreateMatch", &create.base);
	created =
	    parlor__game__v1__create_match_response__unpack(NULL, answer.size,
							    answer.data);
	if (!created || !created->match)
		die("no match");
	id = strdup(created->match->match_id);
	parlor__game__v1__create_match_response__free_unpacked(created, NULL);
	join.match_id = id;
	answer = call(&players[1], "JoinMatch", &join.base);
	joined =
	    parlor__game__v1__join_match_response__unpack(NULL, answer.size,
							  answer.data);
	if (!joined || !joined->match)
		die("not joined");
	*version = joined->match->version;
	parlor__game__v1__join_match_response__free_unpacked(joined, NULL);
	return id;
}

static int64_t sync_us(int fd)
{
	static const uint8_t block[SYNC] = { 1 };
	int64_t start = clock_monotonic_ns();

	if (pwrite(fd, block, SYNC, 0) != SYNC || fdatasync(fd) != 0)
		die("cannot sync");
	return (clock_monotonic_ns() - start) / 1000;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t median(int64_t *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

/* Round and round the columns: over within 28 moves. Returns how many. */
static size_t play_match(struct pair *p, size_t done)
{
	int64_t version;
	char *match = begin(p->players, &version);
	size_t turn = 0;
	bool playing = true;

	for (; playing && done + turn < p->wanted; turn++) {
		Parlor__Game__V1__PlayMoveResponse *answer =
		    play(&p->players[turn % 2], match, version,
			 (int)(turn % COLUMNS), &p->moves[done + turn]);

		if (!answer || !answer->match)
			die("no match");
		version = answer->match->version;
		playing = answer->match->status ==
			  PARLOR__GAME__V1__MATCH_STATUS__MATCH_STATUS_PLAYING;
		parlor__game__v1__play_move_response__free_unpacked(answer,
								    NULL);
		if (p->sync_file >= 0)
			p->syncs[done + turn] = sync_us(p->sync_file);
	}
	free(match);
	return turn;
}

static void *play_all(void *arg)
{
	struct pair *p = arg;

	for (size_t done = 0; done < p->wanted;)
		done += play_match(p, done);
	return NULL;
}

/* Two lines for each pair: how many there are. */
static size_t read_pairs(const char *file, const char *to, struct pair **pairs)
{
	FILE *in = fopen(file, "re");
	size_t players = 0;
	char token[4096];

	if (!in)
		die(file);
	*pairs = calloc(PAIRS_MAX, sizeof(**pairs));
	while (*pairs && players / 2 < PAIRS_MAX &&
	       fgets(token, sizeof(token), in)) {
		struct player *p = &(*pairs)[players / 2].players[players % 2];

		snprintf(p->token, sizeof(p->token), "%.*s",
			 (int)strcspn(token, "\r\n"), token);
		p->host = to;
		p->fd = dial(to);
		players++;
	}
	fclose(in);
	return players / 2;
}

static int open_sync_file(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || posix_fallocate(fd, 0, SYNC) != 0)
		die(file);
	return fd;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "to", required_argument, NULL, 't' },
		{ "tokens", required_argument, NULL, 'k' },
		{ "file", required_argument, NULL, 'f' },
		{ "moves", required_argument, NULL, 'm' },
		{ 0 },
	};
	const char *to = NULL, *tokens = NULL, *file = NULL;
	size_t wanted = 500, count, all;
	struct pair *pairs;
	int64_t *moves, *syncs, start;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 't')
			to = optarg;
		else if (option == 'k')
			tokens = optarg;
		else if (option == 'f')
			file = optarg;
		else if (option == 'm')
			wanted = strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	if (!to || !tokens || wanted == 0 || wanted > MOVES_MAX) {
		fputs("usage: moves --to HOST:PORT --tokens FILE [--file PATH] "
		      "[--moves N]\n",
		      stderr);
		return 2;
	}
	count = read_pairs(tokens, to, &pairs);
	all = count * wanted;
	moves = calloc(all + 1, sizeof(*moves));
	syncs = calloc(all + 1, sizeof(*syncs));
	if (!moves || !syncs)
		die("no memory");
	start = clock_monotonic_ns();
	for (size_t i = 0; i < count; i++) {
		struct pair *p = &pairs[i];

		p->wanted = wanted;
		p->sync_file = file ? open_sync_file(file) : -1;
		p->moves = moves + i * wanted;
		p->syncs = syncs + i * wanted;
		if (pthread_create(&p->thread, NULL, play_all, p) != 0)
			die("no thread");
	}
	for (size_t i = 0; i < count; i++)
		pthread_join(pairs[i].thread, NULL);
	printf("{\"move_us\":%lld,\"sync_us\":%lld,\"rate\":%.1f}\n",
	       (long long)median(moves, all), (long long)median(syncs, all),
	       (double)all * 1e9 / (double)(clock_monotonic_ns() - start));
	free(pairs);
	free(moves);
	free(syncs);
	return 0;
}
