/* tests/unit/services/auth/mail/message.c - a letter as it travels */
#include "services/auth/mail/message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define LONG_ADDRESS                                                           \
	"a23456789012345678901234567890123456789012345678901234567890@example" \
	".com"

struct row {
	const char *name;
	const char *from_name, *subject, *text, *html, *username, *secret;
	const char *parts[4]; /* of what comes out */
	const char *absent;
};

static const struct row rows[] = {
	{ .name = "a text alone",
	  .text = "Hello {username},\ncode {####}\n",
	  .parts = { "Date: Tue, 25 Nov 2025 19:00:00 +0000\r\n"
		     "From: <no-reply@parlor.invalid>\r\n"
		     "To: <ann@example.com>\r\n"
		     "Message-ID: <u1@parlor.invalid>\r\n"
		     "Subject: Your code\r\n"
		     "Auto-Submitted: auto-generated\r\n"
		     "MIME-Version: 1.0\r\n"
		     "Content-Type: text/plain; charset=utf-8\r\n"
		     "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		     "Hello ann,\r\ncode 012345\r\n" },
	  .absent = "multipart" },
	{ .name = "text and HTML",
	  .text = "{####}\n",
	  .html = "<p>{####}</p>\n",
	  .parts = { "Content-Type: multipart/alternative; "
		     "boundary=\"=_u1\"\r\n\r\n--=_u1\r\n"
		     "Content-Type: text/plain",
		     "\r\n\r\n012345\r\n\r\n--=_u1\r\nContent-Type: text/html; "
		     "charset=utf-8\r\n",
		     "<html lang=3D\"en\"><p>012345</p>\r\n</html>",
		     "\r\n--=_u1--\r\n" } },
	{ .name = "what a user says is escaped in HTML only",
	  .text = "{username} {####}",
	  .html = "{username} {####}",
	  .username = "<b>&'\"",
	  .parts = { "\r\n\r\n<b>&'\" 012345",
		     "&lt;b&gt;&amp;&#39;&quot; 012345" } },
	{ .name = "a name that looks like another is not filled in again",
	  .text = "{username}",
	  .username = "{####}",
	  .parts = { "\r\n\r\n{####}" },
	  .absent = "012345" },
	{ .name = "braces that are nobody's name",
	  .text = "{x} { {username",
	  .parts = { "\r\n\r\n{x} { {username" } },
	{ .name = "other letters are quoted",
	  .text = "f\xc3\xbcr = \n",
	  .parts = { "\r\n\r\nf=C3=BCr =3D=20\r\n" } },
	{ .name = "long lines are folded softly, to 76 columns",
	  .text = LONG_ADDRESS " " LONG_ADDRESS,
	  .parts = { "\r\n\r\n" LONG_ADDRESS
		     " a2=\r\n3456789012345678901234567890123456789012345"
		     "678901234567890@example.com" } },
	{ .name = "a subject in other letters, cut between characters",
	  .subject = "Best\xc3\xa4tigung f\xc3\xbcr {username}, "
		     "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
	  .text = "x",
	  .username = "anna-marias",
	  .parts = { "Subject: "
		     "=?UTF-8?B?QmVzdMOkdGlndW5nIGbDvHIgYW5uYS1tYXJpYXMs"
		     "IOKCrOKCrA==?=\r\n =?UTF-8?B?4oKs4oKs?=\r\nAuto" } },
	{ .name = "a name beside the address",
	  .from_name = "Parlor, Inc",
	  .text = "x",
	  .parts = { "From: =?UTF-8?B?UGFybG9yLCBJbmM=?= "
		     "<no-reply@parlor.invalid>\r\n" } },
};

static void check(const struct row *row)
{
	const struct auth_mail mail = { .from = "no-reply@parlor.invalid",
					.from_name = row->from_name };
	const struct auth_template template = {
		.language = "en",
		.subject = slice_of(row->subject ? row->subject : "Your code"),
		.text = slice_of(row->text),
		.html = slice_of(row->html),
		.layout = SLICE("<html lang=\"{language}\">{content}</html>"),
	};
	const struct auth_letter letter = {
		.to = SLICE("ann@example.com"),
		.username = slice_of(row->username ? row->username : "ann"),
		.secret = SLICE("012345"),
	};
	struct buffer out;
	const char *text;

	buffer_init(&out, AUTH_MESSAGE_MAX);
	auth_message_put(&out, &mail, &template, &letter, 1764097200000,
			 SLICE("u1"));
	buffer_put_byte(&out, '\0');
	assert_false(out.failed);
	text = (const char *)buffer_slice(&out).data;
	for (size_t i = 0; i < 4 && row->parts[i]; i++)
		if (!strstr(text, row->parts[i]))
			fail_msg("%s: no '%s' in: %s", row->name, row->parts[i],
				 text);
	if (row->absent && strstr(text, row->absent))
		fail_msg("%s: '%s' in: %s", row->name, row->absent, text);
	buffer_release(&out);
}

static void test_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check(&rows[i]);
}

/* However long the parts, it stays within bounds and says so. */
static void test_bound(void **state)
{
	static char many[3000];
	const struct auth_mail mail = { .from = "a@b" };
	static char name[600];
	struct buffer out;

	(void)state;
	for (size_t at = 0; at + 10 < sizeof(many); at += 10)
		memcpy(many + at, "{username}", 10);
	memset(name, '=', sizeof(name) - 1);
	buffer_init(&out, 100000);
	auth_message_put(&out, &mail,
			 &(struct auth_template){ .text = slice_of(many) },
			 &(struct auth_letter){ .username = slice_of(name) }, 0,
			 SLICE("u"));
	assert_true(out.failed);
	buffer_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
