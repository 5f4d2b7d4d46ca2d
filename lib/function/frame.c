/* lib/function/frame.c - what travels between the host, a template and a worker
 */
#include "lib/function/frame.h"
#include "lib/base/fault.h"

#include <errno.h>
#include <sys/socket.h>

static int begin(struct frame_reader *r, struct arena *mem,
		 const struct frame *head, struct slice piece,
		 struct slice *message)
{
	if (head->total > FRAME_MESSAGE_MAX || piece.size > head->total)
		return -E_INVALID;
	if (piece.size == head->total) {
		*message = piece;
		return 1;
	}
	/* only a full frame may leave a rest: so frames are bounded too */
	if (piece.size != FRAME_PIECE_MAX)
		return -E_INVALID;
	r->message = arena_alloc(mem, head->total);
	if (!r->message)
		return -E_EXHAUSTED;
	memcpy(r->message, piece.data, piece.size);
	r->head = *head;
	r->have = piece.size;
	return 0;
}

static int go_on(struct frame_reader *r, const struct frame *head,
		 struct slice piece, struct slice *message)
{
	size_t left = r->head.total - r->have;

	if (memcmp(&r->head, head, sizeof(*head)) != 0 ||
	    piece.size != (left < FRAME_PIECE_MAX ? left : FRAME_PIECE_MAX))
		return -E_INVALID;
	memcpy(r->message + r->have, piece.data, piece.size);
	r->have += piece.size;
	if (r->have < r->head.total)
		return 0;
	*message = slice_make(r->message, r->have);
	r->message = NULL;
	return 1;
}

int frame_take(struct frame_reader *r, struct arena *mem, struct slice bytes,
	       struct frame *head, struct slice *message)
{
	struct slice piece;

	if (bytes.size < sizeof(*head) || bytes.size > FRAME_MAX)
		return -E_INVALID;
	memcpy(head, bytes.data, sizeof(*head));
	piece =
	    slice_make(bytes.data + sizeof(*head), bytes.size - sizeof(*head));
	return r->message ? go_on(r, head, piece, message)
			  : begin(r, mem, head, piece, message);
}

int frame_send_piece(int fd, const struct frame *head, struct slice piece,
		     int fd_along, int flags)
{
	struct iovec parts[] = {
		{ (void *)(uintptr_t)head, sizeof(*head) },
		{ (void *)(uintptr_t)piece.data, piece.size },
	};
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t sent;

	if (fd_along >= 0) {
		control.head =
		    (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(int)),
				      .cmsg_level = SOL_SOCKET,
				      .cmsg_type = SCM_RIGHTS };
		memcpy(CMSG_DATA(&control.head), &fd_along, sizeof(fd_along));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	do
		sent = sendmsg(fd, &message, flags | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN ? 0 : -E_UNAVAILABLE;
	return 1;
}

int frame_send(int fd, enum frame_kind kind, uint32_t number,
	       struct slice message)
{
	struct frame head = { kind, number, (uint32_t)message.size };
	size_t at = 0;
	int sent;

	do {
		struct slice piece = frame_piece(message, at);

		sent = frame_send_piece(fd, &head, piece, -1, 0);
		at += piece.size;
	} while (sent == 1 && at < message.size);
	return sent == 1 ? 0 : -E_UNAVAILABLE;
}

int frame_receive(int fd, uint8_t *buffer, int flags)
{
	ssize_t got;

	do
		got = recv(fd, buffer, FRAME_MAX, flags | MSG_TRUNC);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return -E_ABORTED;
	if (got <= 0)
		return 0;
	return got > FRAME_MAX ? -E_INVALID : (int)got;
}
