/* lib/wire/message.h - unpacking protobuf bytes of strangers safely
 *
 * protobuf-c checks neither UTF-8 nor depth and lets a megabyte of empty
 * messages grow fiftyfold. So bytes are scanned by descriptor first (depth at
 * most 32 messages, UTF-8 without NUL in strings, bounded count of
 * submessages), then unpacked into an arena.
 */
#ifndef PARLOR_WIRE_MESSAGE_H
#define PARLOR_WIRE_MESSAGE_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

#include <protobuf-c/protobuf-c.h>

enum { MESSAGE_DEPTH_MAX = 32, MESSAGE_PARTS_MAX = 65536 };

/* Are the bytes fit to be unpacked? Returns 0, or -E_INVALID with words that
 * name the field. */
int message_scan(const ProtobufCMessageDescriptor *, struct slice bytes,
		 struct fault *);

/* The message, in the arena; NULL with -E_INVALID or -E_HTTP_TOO_LARGE set in the
 * fault. `bytes` fields of the result are copies in the arena. */
void *message_unpack(const ProtobufCMessageDescriptor *, struct slice bytes,
		     struct arena *, struct fault *);

/* Packed into the arena; empty when the arena is full. */
struct slice message_pack(const ProtobufCMessage *, struct arena *);

#endif
