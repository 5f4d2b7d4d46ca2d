/* services/auth/mail/message.c - a letter as it travels: RFC 5322 and MIME */
#include "services/auth/mail/message.h"
#include "lib/base/quote.h"
#include "lib/crypto/base64.h"

enum {
	LINE = 76,  /* columns of a quoted-printable line, RFC 2045 */
	WORD = 39,  /* bytes of an encoded word: a line of 76 with its name */
	PLAIN = 60, /* bytes of a header that needs no folding */
};

/* ---- headers --------------------------------------------------------------- */

/* "Wed, 25 Nov 2026 20:04:09 +0000": in its own language whatever the locale. */
static void put_date(struct buffer *out, int64_t when)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed",
					    "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(when / 1000);
	struct tm t;

	gmtime_r(&seconds, &t);
	buffer_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
		      days[t.tm_wday], t.tm_mday, months[t.tm_mon],
		      t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* Letters, digits and blanks mean nothing else wherever they stand. */
static bool is_plain(struct slice text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (!(c >= '0' && c <= '9') && c != ' ' && c != '-' &&
		    !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			return false;
	}
	return text.size <= PLAIN;
}

/* How many bytes of whole characters go into one word. */
static size_t word_size(struct slice text)
{
	size_t size = text.size < WORD ? text.size : WORD;

	while (size < text.size && size > WORD - 4 &&
	       (text.data[size] & 0xc0) == 0x80)
		size--;
	return size;
}

/* RFC 2047's encoded words, a line each, where it must be. */
static void put_words(struct buffer *out, struct slice text)
{
	char letters[BASE64_SIZE(WORD)];

	if (is_plain(text)) {
		buffer_put_slice(out, text);
		return;
	}
	for (size_t size; text.size; text.data += size, text.size -= size) {
		size = word_size(text);
		buffer_put_text(out, "=?UTF-8?B?");
		buffer_put(out, letters,
			   base64_encode(slice_make(text.data, size), letters));
		buffer_put_text(out, text.size > size ? "?=\r\n " : "?=");
	}
}

/* ---- the parts ------------------------------------------------------------- */

/* What a template's names stand for. */
struct filling {
	const char *name;
	struct slice value;
};

/* The filling whose name stands at the front of `text`. */
static const struct filling *filling_at(const struct filling *fillings,
					struct slice text)
{
	for (; fillings->name; fillings++)
		if (slice_starts(text, slice_of(fillings->name)))
			return fillings;
	return NULL;
}

static void fill(struct buffer *out, struct slice text,
		 const struct filling *fillings,
		 void (*put)(struct buffer *, struct slice))
{
	while (text.size) {
		const struct filling *f =
		    *text.data == '{' ? filling_at(fillings, text) : NULL;
		size_t size = f ? strlen(f->name) : 1;

		if (f)
			put(out, f->value);
		else
			buffer_put_byte(out, *text.data);
		text.data += size;
		text.size -= size;
	}
}

static bool must_quote(struct slice rest)
{
	uint8_t c = *rest.data;
	bool last = rest.size == 1 || rest.data[1] == '\n';

	return c == '=' || c > '~' || (c < ' ' && c != '\t') ||
	       ((c == ' ' || c == '\t') && last);
}

/* Quoted-printable, its lines ended as mail's are. */
static void put_quoted(struct buffer *out, struct slice text)
{
	size_t column = 0;

	for (; text.size; text.data++, text.size--) {
		bool quote = must_quote(text);
		size_t width = quote ? 3 : 1;

		if (*text.data == '\n') {
			buffer_put_text(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + width >= LINE) {
			buffer_put_text(out, "=\r\n");
			column = 0;
		}
		if (quote)
			buffer_printf(out, "=%02X", *text.data);
		else
			buffer_put_byte(out, *text.data);
		column += width;
	}
}

static void put_part(struct buffer *out, const char *type, struct slice text)
{
	buffer_printf(out,
		      "Content-Type: text/%s; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		      type);
	put_quoted(out, text);
}

/* ---- all of it ------------------------------------------------------------- */

static void put_head(struct buffer *out, const struct auth_mail *mail,
		     struct slice subject, const struct auth_letter *letter,
		     int64_t when, struct slice unique)
{
	struct slice domain = slice_of(mail->from);

	slice_cut(&domain, '@');
	put_date(out, when);
	buffer_put_text(out, "From: ");
	if (mail->from_name && *mail->from_name) {
		put_words(out, slice_of(mail->from_name));
		buffer_put_byte(out, ' ');
	}
	buffer_printf(out,
		      "<%s>\r\n"
		      "To: <%.*s>\r\n"
		      "Message-ID: <%.*s@%.*s>\r\n"
		      "Subject: ",
		      mail->from, SLICE_ARGS(letter->to), SLICE_ARGS(unique),
		      SLICE_ARGS(domain));
	put_words(out, subject);
	buffer_put_text(out, "\r\n"
			     "Auto-Submitted: auto-generated\r\n"
			     "MIME-Version: 1.0\r\n");
}

static void put_alternatives(struct buffer *out, struct slice text,
			     struct slice html, struct slice unique)
{
	buffer_printf(out,
		      "Content-Type: multipart/alternative;"
		      " boundary=\"=_%.*s\"\r\n\r\n--=_%.*s\r\n",
		      SLICE_ARGS(unique), SLICE_ARGS(unique));
	put_part(out, "plain", text);
	buffer_printf(out, "\r\n--=_%.*s\r\n", SLICE_ARGS(unique));
	put_part(out, "html", html);
	buffer_printf(out, "\r\n--=_%.*s--\r\n", SLICE_ARGS(unique));
}

static void buffer_for_secrets(struct buffer *b)
{
	buffer_init(b, AUTH_MESSAGE_MAX);
	b->wipes = true;
}

void auth_message_put(struct buffer *out, const struct auth_mail *mail,
		      const struct auth_template *t,
		      const struct auth_letter *letter, int64_t when,
		      struct slice unique)
{
	struct buffer subject, text, content, html;
	const struct filling values[] = { { "{username}", letter->username },
					  { "{####}", letter->secret },
					  { 0 } };

	buffer_for_secrets(&subject);
	buffer_for_secrets(&text);
	buffer_for_secrets(&content);
	buffer_for_secrets(&html);
	fill(&subject, t->subject, values, buffer_put_slice);
	fill(&text, t->text, values, buffer_put_slice);
	fill(&content, t->html, values, buffer_put_html);
	fill(&html, t->layout,
	     (struct filling[]){ { "{language}", slice_of(t->language) },
				 { "{content}", buffer_slice(&content) },
				 { 0 } },
	     buffer_put_slice);
	put_head(out, mail, buffer_slice(&subject), letter, when, unique);
	if (t->html.size)
		put_alternatives(out, buffer_slice(&text), buffer_slice(&html),
				 unique);
	else
		put_part(out, "plain", buffer_slice(&text));
	out->failed |=
	    subject.failed || text.failed || content.failed || html.failed;
	buffer_release(&subject);
	buffer_release(&text);
	buffer_release(&content);
	buffer_release(&html);
}
