/* lib/function/frame.h - what travels between the host, a template and a worker
 *
 * A SOCK_SEQPACKET socket carries frames: a head and a piece of a message, at
 * most FRAME_MAX bytes together. A message longer than one frame follows in
 * more of them with the same head; the next message begins when `total` bytes
 * have come. Both ends are processes of one machine, so numbers are in its byte
 * order. Both check every length as a stranger's: what doesn't fit ends the
 * conversation.
 *
 * The host hands a worker FRAME_EVENT; until the worker sends FRAME_ANSWER or
 * FRAME_FAILURE it may send calls, one at a time, log lines, and a cost tag that
 * no call has taken along;
 * each call gets a result or a refusal with its number. A worker that sends
 * anything outside an event is ended. To a template the host sends FRAME_WALLS
 * once, then forks.
 */
#ifndef PARLOR_FUNCTION_FRAME_H
#define PARLOR_FUNCTION_FRAME_H

#include "lib/base/arena.h"

enum {
	FRAME_MAX = 64 * 1024,
	FRAME_MESSAGE_MAX = 8 * 1024 * 1024, /* a whole message */
	FRAME_LOG_MAX = 1024,		     /* of a line */
	FRAME_LOG_LINES = 100,		     /* an event */
	FRAME_COST_TAG_MAX = 255,
};

/* Descriptors a template finds open: nowhere, the host, and nothing else. */
enum { FRAME_TEMPLATE_FD = 3 };

enum frame_kind {
	/* host to worker */
	FRAME_EVENT = 1, /* parlor.function.v1.Event */
	FRAME_RESULT,	 /* of the call `number`: its answer message */
	FRAME_REFUSAL,	 /* of the call `number`: Failure */
	/* worker to host */
	FRAME_ANSWER,	/* the event's answer message; `number` 1: the last
			   one that a watch need see */
	FRAME_FAILURE,	/* of the event: Failure */
	FRAME_CALL,	/* `number` counts from 1 in each event: Call */
	FRAME_LOG,	/* text */
	FRAME_COST_TAG, /* text */
	/* host to template */
	FRAME_WALLS, /* struct frame_walls; FRAME_READY or FRAME_OPEN follows */
	FRAME_FORK,  /* a worker `number`; its socket comes along (SCM_RIGHTS)
		      */
	FRAME_END,   /* the worker `number`, a process id, must end */
	/* template to host */
	FRAME_READY,  /* int32_t: the walls hold, with that landlock version */
	FRAME_OPEN,   /* int32_t, text: an error number and the wall that does
			 not hold; the template exits */
	FRAME_FORKED, /* worker `number`: int32_t, its process id or -errno */
	FRAME_ENDED,  /* the process id `number`: int32_t, its wait status */
};

/* What a template walls itself in with. The bytes of two seccomp programs
 * (struct sock_filter in a row) follow: the template's and the worker's. */
struct frame_walls {
	int64_t memory_bytes;			 /* of address space */
	uint32_t template_filter, worker_filter; /* bytes of each */
};

struct frame {
	uint32_t kind; /* enum frame_kind */
	uint32_t number;
	uint32_t total; /* bytes of the whole message */
};

enum { FRAME_PIECE_MAX = FRAME_MAX - (int)sizeof(struct frame) };

/* Gathers the frames of one message after the other; all zero to begin. */
struct frame_reader {
	struct frame head;
	uint8_t *message; /* in the arena; NULL between messages */
	size_t have;
};

/* Takes one frame as it was received. Returns 1 when a message is complete: the
 * head, and its bytes, which lie in `bytes` if it came in one frame and in
 * `mem` otherwise; 0 when more must come; -E_INVALID when the frame is
 * malformed or longer than it may be, -E_EXHAUSTED when the arena is full. */
int frame_take(struct frame_reader *, struct arena *mem, struct slice bytes,
	       struct frame *head, struct slice *message);

/* What the frame carries that begins at `at` of the message. */
static inline struct slice frame_piece(struct slice message, size_t at)
{
	size_t left = message.size - at;

	return slice_make(message.data + at,
			  left < FRAME_PIECE_MAX ? left : FRAME_PIECE_MAX);
}

/* Sends one frame. `fd_along` goes with it unless it is negative; `flags` are
 * sendmsg's. 1, 0 when it would have to wait (MSG_DONTWAIT), or -E_UNAVAILABLE
 * when the other end has gone. */
int frame_send_piece(int fd, const struct frame *, struct slice piece,
		     int fd_along, int flags);

/* Sends a whole message, waiting for room. 0, or -E_UNAVAILABLE when the other
 * end has gone. */
int frame_send(int fd, enum frame_kind, uint32_t number, struct slice message);

/* Receives one frame into `buffer` (FRAME_MAX bytes); `flags` are recv's. Its
 * size, 0 when the other end has gone, -E_ABORTED when there is none yet
 * (MSG_DONTWAIT), -E_INVALID when it was too long. */
int frame_receive(int fd, uint8_t *buffer, int flags);

#endif
