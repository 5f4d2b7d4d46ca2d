/* lib/rpc/number.h - how each numeric type of protobuf stands on the wire */
#ifndef PARLOR_RPC_NUMBER_H
#define PARLOR_RPC_NUMBER_H

#include "lib/rpc/descriptor.h"
#include "lib/wire/wire.h"

struct number_type {
	enum wire_type wire; /* WIRE_BYTES for what is no number */
	uint8_t bits;
	bool is_signed, zigzag;
};

static const struct number_type number_types[] = {
	[TYPE_DOUBLE] = { WIRE_FIXED64, 64, true, false },
	[TYPE_FLOAT] = { WIRE_FIXED32, 32, true, false },
	[TYPE_INT64] = { WIRE_VARINT, 64, true, false },
	[TYPE_UINT64] = { WIRE_VARINT, 64, false, false },
	[TYPE_INT32] = { WIRE_VARINT, 32, true, false },
	[TYPE_FIXED64] = { WIRE_FIXED64, 64, false, false },
	[TYPE_FIXED32] = { WIRE_FIXED32, 32, false, false },
	[TYPE_BOOL] = { WIRE_VARINT, 1, false, false },
	[TYPE_STRING] = { WIRE_BYTES, 0, false, false },
	[TYPE_GROUP] = { WIRE_BYTES, 0, false, false },
	[TYPE_MESSAGE] = { WIRE_BYTES, 0, false, false },
	[TYPE_BYTES] = { WIRE_BYTES, 0, false, false },
	[TYPE_UINT32] = { WIRE_VARINT, 32, false, false },
	[TYPE_ENUM] = { WIRE_VARINT, 32, true, false },
	[TYPE_SFIXED32] = { WIRE_FIXED32, 32, true, false },
	[TYPE_SFIXED64] = { WIRE_FIXED64, 64, true, false },
	[TYPE_SINT32] = { WIRE_VARINT, 32, true, true },
	[TYPE_SINT64] = { WIRE_VARINT, 64, true, true },
};

#endif
