/* lib/base/banned.h - functions that do not compile here
 *
 * Included by the compiler's command line before every file of ours. Each name
 * has a bounded or re-entrant replacement in lib/base or the C library;
 * libjwt's keyed decoding accepts an HS256 token signed with an RSA public
 * key's text.
 */
#ifndef PARLOR_BANNED_H
#define PARLOR_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(name) name##_is_banned_see_lib_base_banned_h

#undef strcpy
#define strcpy(d, s) BANNED(strcpy)
#undef strcat
#define strcat(d, s) BANNED(strcat)
#undef strncpy
#define strncpy(d, s, n) BANNED(strncpy)
#undef strncat
#define strncat(d, s, n) BANNED(strncat)
#undef strtok
#define strtok(s, d) BANNED(strtok)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef atoi
#define atoi(s) BANNED(atoi)
#undef atol
#define atol(s) BANNED(atol)
#undef gets
#define gets(s) BANNED(gets)
#undef localtime
#define localtime(t) BANNED(localtime)
#undef gmtime
#define gmtime(t) BANNED(gmtime)
#undef rand
#define rand() BANNED(rand)
#undef jwt_decode /* without a key it only parses: lib/crypto/token.c */
#define jwt_decode BANNED(jwt_decode)
#undef jwt_encode
#define jwt_encode BANNED(jwt_encode)
#undef jwt_encode_str
#define jwt_encode_str BANNED(jwt_encode_str)
#undef jwt_encode_fp
#define jwt_encode_fp BANNED(jwt_encode_fp)

#endif
