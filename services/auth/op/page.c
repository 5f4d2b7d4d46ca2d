/* services/auth/op/page.c - lists in pieces */
#include "services/auth/op/page.h"
#include "lib/crypto/base64.h"

enum { TOKEN_MAX = 1024 };

static int check_limit(struct call *c, const struct auth_page *page)
{
	if (!page->limited ||
	    (page->limit >= 0 && page->limit <= AUTH_PAGE_MAX))
		return 0;
	return call_fail(c, E_PARAMETER,
			 "1 validation error detected: Value '%lld' at 'limit' "
			 "failed to satisfy constraint: Member must have value "
			 "%s than or equal to %d",
			 (long long)page->limit,
			 page->limit < 0 ? "greater" : "less",
			 page->limit < 0 ? 0 : AUTH_PAGE_MAX);
}

int auth_page_read(struct call *c, struct auth_page *page)
{
	struct slice text = page->token;
	uint8_t *bytes = arena_alloc(c->mem, BASE64_BYTES(text.size) + 1);
	size_t size;

	if (call_status(c) || check_limit(c, page))
		return -c->fault.code;
	page->rows =
	    page->limited && page->limit ? (size_t)page->limit : AUTH_PAGE_MAX;
	page->token = (struct slice){ 0 };
	if (!text.data)
		return 0;
	if (!text.size || text.size > TOKEN_MAX ||
	    base64url_decode(text, bytes, &size) || !size ||
	    !slice_is_utf8(slice_make(bytes, size)))
		return call_fail(c, E_PARAMETER,
				 "Invalid pagination token provided.");
	page->after = slice_make(bytes, size);
	return 0;
}

void auth_page_go_on(struct call *c, struct auth_page *page, struct slice last)
{
	char *text = arena_alloc(c->mem, BASE64_SIZE(last.size));

	if (text)
		page->token = slice_make(text, base64url_encode(last, text));
	call_status(c);
}
