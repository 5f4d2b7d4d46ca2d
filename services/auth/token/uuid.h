/* services/auth/token/uuid.h - identifiers: random UUIDs, version 4 */
#ifndef PARLOR_AUTH_UUID_H
#define PARLOR_AUTH_UUID_H

#include "lib/base/slice.h"

enum { UUID_BYTES = 16, UUID_TEXT = 37 };

/* Makes version 4 of bytes that were drawn. */
void uuid_mark(uint8_t bytes[UUID_BYTES]);

void uuid_make(uint8_t out[UUID_BYTES]);

/* 36 characters and a NUL. */
void uuid_format(const uint8_t bytes[UUID_BYTES], char out[UUID_TEXT]);

/* The inverse; -E_INVALID for any other text. */
int uuid_parse(struct slice text, uint8_t out[UUID_BYTES]);

/* A new one as text. */
void uuid_text(char out[UUID_TEXT]);

#endif
