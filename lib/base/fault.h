/* lib/base/fault.h - every way a request can be refused, in one list
 *
 * Functions return 0 or a negative code of this list. The words go, once, where
 * the fact is known, into the call's fault, which keeps the first and ignores
 * what follows from it. A row gives the code's name in Connect and its HTTP
 * status there, and where AWS has one the exception's name and status.
 */
#ifndef PARLOR_BASE_FAULT_H
#define PARLOR_BASE_FAULT_H

#include "lib/base/slice.h"

/* code, Connect's name, HTTP status, AWS's exception, its status */
#define FAULT_LIST(X)                                                          \
	X(E_CANCELED, "canceled", 499, "", 499)                                \
	X(E_UNKNOWN, "unknown", 500, "InternalServerError", 500)               \
	X(E_INVALID, "invalid_argument", 400, "ValidationException", 400)      \
	X(E_DEADLINE, "deadline_exceeded", 504, "RequestTimeout", 408)         \
	X(E_MISSING, "not_found", 404, "ResourceNotFoundException", 400)       \
	X(E_EXISTS, "already_exists", 409, "ResourceInUseException", 400)      \
	X(E_DENIED, "permission_denied", 403, "AccessDeniedException", 400)    \
	X(E_EXHAUSTED, "resource_exhausted", 429, "ThrottlingException", 400)  \
	X(E_PRECONDITION, "failed_precondition", 400, "", 400)                 \
	X(E_ABORTED, "aborted", 409, "", 400)                                  \
	X(E_RANGE, "out_of_range", 400, "ValidationException", 400)            \
	X(E_UNIMPLEMENTED, "unimplemented", 501, "UnknownOperationException",  \
	  400)                                                                 \
	X(E_INTERNAL, "internal", 500, "InternalServerError", 500)             \
	X(E_UNAVAILABLE, "unavailable", 503, "ServiceUnavailable", 503)        \
	X(E_LOSS, "data_loss", 500, "InternalServerError", 500)                \
	X(E_UNAUTHENTICATED, "unauthenticated", 401,                           \
	  "MissingAuthenticationTokenException", 400)                          \
	/* HTTP's own; Connect has no code for most of them */                 \
	X(E_HTTP_NOT_FOUND, "unimplemented", 404, "", 404)                     \
	X(E_HTTP_METHOD, "unimplemented", 405, "", 405)                        \
	X(E_HTTP_TOO_LARGE, "resource_exhausted", 413,                         \
	  "RequestEntityTooLargeException", 413)                               \
	X(E_HTTP_MEDIA_TYPE, "invalid_argument", 415, "", 415)                 \
	/* AWS's wire */                                                       \
	X(E_SERIALIZATION, "invalid_argument", 400, "SerializationException",  \
	  400)                                                                 \
	/* DynamoDB */                                                         \
	X(E_CONDITION, "failed_precondition", 400,                             \
	  "ConditionalCheckFailedException", 400)                              \
	X(E_DUPLICATE, "already_exists", 409, "DuplicateItemException", 400)   \
	X(E_TRANSACTION_CANCELED, "failed_precondition", 400,                  \
	  "TransactionCanceledException", 400)                                 \
	X(E_TRANSACTION_CONFLICT, "aborted", 409,                              \
	  "TransactionConflictException", 400)                                 \
	X(E_TRANSACTION_IN_PROGRESS, "aborted", 409,                           \
	  "TransactionInProgressException", 400)                               \
	X(E_IDEMPOTENT_MISMATCH, "invalid_argument", 400,                      \
	  "IdempotentParameterMismatchException", 400)                         \
	X(E_COLLECTION_SIZE, "resource_exhausted", 429,                        \
	  "ItemCollectionSizeLimitExceededException", 400)                     \
	X(E_THROUGHPUT, "resource_exhausted", 429,                             \
	  "ProvisionedThroughputExceededException", 400)                       \
	X(E_LIMIT, "resource_exhausted", 429, "LimitExceededException", 400)   \
	X(E_SIGNATURE, "unauthenticated", 401, "InvalidSignatureException",    \
	  400)                                                                 \
	X(E_INCOMPLETE_SIGNATURE, "unauthenticated", 401,                      \
	  "IncompleteSignatureException", 400)                                 \
	X(E_ACCESS_KEY, "unauthenticated", 401, "UnrecognizedClientException", \
	  400)                                                                 \
	X(E_TOKEN_EXPIRED, "unauthenticated", 401, "ExpiredTokenException",    \
	  400)                                                                 \
	X(E_TOKEN_REVOKED, "unauthenticated", 401, "NotAuthorizedException",   \
	  400)                                                                 \
	X(E_POLICY_MISSING, "not_found", 404, "PolicyNotFoundException", 400)  \
	X(E_TRIMMED, "out_of_range", 400, "TrimmedDataAccessException", 400)   \
	X(E_ITERATOR_EXPIRED, "out_of_range", 400, "ExpiredIteratorException", \
	  400)                                                                 \
	/* Cognito */                                                          \
	X(E_NOT_AUTHORIZED, "unauthenticated", 401, "NotAuthorizedException",  \
	  400)                                                                 \
	X(E_UNAUTHORIZED, "permission_denied", 403, "UnauthorizedException",   \
	  400)                                                                 \
	X(E_PARAMETER, "invalid_argument", 400, "InvalidParameterException",   \
	  400)                                                                 \
	X(E_PASSWORD, "invalid_argument", 400, "InvalidPasswordException",     \
	  400)                                                                 \
	X(E_PASSWORD_HISTORY, "invalid_argument", 400,                         \
	  "PasswordHistoryPolicyViolationException", 400)                      \
	X(E_USER_MISSING, "not_found", 404, "UserNotFoundException", 400)      \
	X(E_USER_EXISTS, "already_exists", 409, "UsernameExistsException",     \
	  400)                                                                 \
	X(E_ALIAS_EXISTS, "already_exists", 409, "AliasExistsException", 400)  \
	X(E_USER_UNCONFIRMED, "failed_precondition", 400,                      \
	  "UserNotConfirmedException", 400)                                    \
	X(E_CODE_MISMATCH, "invalid_argument", 400, "CodeMismatchException",   \
	  400)                                                                 \
	X(E_CODE_EXPIRED, "failed_precondition", 400, "ExpiredCodeException",  \
	  400)                                                                 \
	X(E_CODE_DELIVERY, "unavailable", 503, "CodeDeliveryFailureException", \
	  400)                                                                 \
	X(E_TOO_MANY_REQUESTS, "resource_exhausted", 429,                      \
	  "TooManyRequestsException", 400)                                     \
	X(E_TOKEN_REUSED, "unauthenticated", 401,                              \
	  "RefreshTokenReuseException", 400)                                   \
	X(E_TOTP_MISSING, "failed_precondition", 400,                          \
	  "SoftwareTokenMFANotFoundException", 400)                            \
	X(E_TOTP_MISMATCH, "invalid_argument", 400,                            \
	  "EnableSoftwareTokenMFAException", 400)                              \
	X(E_GROUP_EXISTS, "already_exists", 409, "GroupExistsException", 400)  \
	X(E_UNSUPPORTED_STATE, "failed_precondition", 400,                     \
	  "UnsupportedUserStateException", 400)                                \
	X(E_PASSWORD_RESET, "failed_precondition", 400,                        \
	  "PasswordResetRequiredException", 400)                               \
	X(E_UNSUPPORTED_TOKEN, "invalid_argument", 400,                        \
	  "UnsupportedTokenTypeException", 400)                                \
	X(E_UNSUPPORTED_OPERATION, "failed_precondition", 400,                 \
	  "UnsupportedOperationException", 400)                                \
	X(E_SCOPE_MISSING, "not_found", 404, "ScopeDoesNotExistException",     \
	  400)                                                                 \
	X(E_OAUTH_FLOW, "invalid_argument", 400, "InvalidOAuthFlowException",  \
	  400)                                                                 \
	X(E_CONCURRENT, "aborted", 409, "ConcurrentModificationException",     \
	  400)                                                                 \
	/* OAuth: RFC 6749's errors, RFC 6750's and OpenID Connect's */        \
	X(E_OAUTH_REQUEST, "invalid_argument", 400, "invalid_request", 400)    \
	X(E_OAUTH_CLIENT, "unauthenticated", 401, "invalid_client", 401)       \
	X(E_OAUTH_GRANT, "invalid_argument", 400, "invalid_grant", 400)        \
	X(E_OAUTH_UNAUTHORIZED, "permission_denied", 400,                      \
	  "unauthorized_client", 400)                                          \
	X(E_OAUTH_GRANT_TYPE, "unimplemented", 400, "unsupported_grant_type",  \
	  400)                                                                 \
	X(E_OAUTH_RESPONSE_TYPE, "unimplemented", 400,                         \
	  "unsupported_response_type", 400)                                    \
	X(E_OAUTH_SCOPE, "invalid_argument", 400, "invalid_scope", 400)        \
	X(E_OAUTH_TOKEN, "unauthenticated", 401, "invalid_token", 401)         \
	X(E_OAUTH_TOKEN_SCOPE, "permission_denied", 403, "insufficient_scope", \
	  403)                                                                 \
	X(E_OAUTH_LOGIN, "unauthenticated", 400, "login_required", 400)        \
	X(E_OAUTH_REQUEST_OBJECT, "unimplemented", 400,                        \
	  "request_not_supported", 400)                                        \
	X(E_OAUTH_REQUEST_URI, "unimplemented", 400,                           \
	  "request_uri_not_supported", 400)                                    \
	/* Lambda */                                                           \
	X(E_FUNCTION_CRASHED, "internal", 500, "Runtime.ExitError", 200)       \
	X(E_FUNCTION_TIMEOUT, "deadline_exceeded", 504, "Sandbox.Timedout", 200)

#define FAULT_ENUM(code, connect, status, aws, aws_status) code,
enum fault_code { E_NONE, FAULT_LIST(FAULT_ENUM) E_COUNT };
#undef FAULT_ENUM

struct fault_row {
	const char *connect; /* Connect's code */
	int status;	     /* its HTTP status */
	const char *aws;     /* the exception, or "" */
	int aws_status;
};

/* The row of a code given as it is returned (negative) or stored. */
const struct fault_row *fault_row(int code);

/* The code of this list that Connect's `name` stands for, or E_UNKNOWN. */
int fault_from_connect(struct slice name);

/* A typed message that goes out with an error (Connect's `details`). */
struct fault_detail {
	const struct fault_detail *next;
	const char *type;   /* the message's full name */
	struct slice value; /* its bytes */
};

enum { FAULT_TEXT = 1024 };

struct fault {
	int code;	    /* positive, E_NONE while all is well */
	int retry_after_ms; /* a hint to the caller; 0 for none */
	const struct fault_detail *details;
	char message[FAULT_TEXT];
};

static inline void fault_clear(struct fault *f)
{
	f->code = E_NONE;
	f->retry_after_ms = 0;
	f->details = NULL;
	f->message[0] = '\0';
}

/* Notes the first failure, with words for the caller; later ones change
 * nothing. Returns the negative code that stands, for `return fault_set(…)`. */
int fault_set(struct fault *, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
