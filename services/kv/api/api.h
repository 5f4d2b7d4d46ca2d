/* services/kv/api/api.h - the operations of parlor-kv, as rows
 *
 * The room: a file per operation, which turns its message into the model's
 * structs, hands it to op, and turns the result back; here and nowhere else do
 * wire types appear. Each handler has its operation's name.
 */
#ifndef PARLOR_KV_API_H
#define PARLOR_KV_API_H

#include "lib/rpc/op.h"

/* parlor.kv.v1.KeyValue; ends with an empty row. */
extern const struct op kv_ops[];
/* parlor.kv.v1.KeyValueStreams */
extern const struct op kv_stream_ops[];

/* For daemon_main. */
extern const struct op_service kv_services[];

#endif
