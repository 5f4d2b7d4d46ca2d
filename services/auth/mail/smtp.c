/* services/auth/mail/smtp.c - messages to a mail server, by libcurl */
#include "services/auth/mail/smtp.h"

#include <curl/curl.h>

enum { CONNECT_MS = 10000, REPLY = 256, ADDRESS = 320 };

struct auth_smtp {
	const atomic_bool *stop;
	CURL *curl;
	/* of the message that is being sent */
	struct slice left;
	char reply[REPLY]; /* " (550 …)": the server's no, or "" */
	char why[CURL_ERROR_SIZE];
};

/* ---- the settings ---------------------------------------------------------- */

static bool is_here(struct slice host)
{
	static const char *const names[] = { "127.0.0.1", "localhost",
					     "[::1]" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct slice name = slice_of(names[i]);

		if (slice_starts(host, name) &&
		    (host.size == name.size || host.data[name.size] == ':'))
			return true;
	}
	return false;
}

int auth_smtp_check(const struct auth_mail *mail, struct fault *fault)
{
	struct slice rest = slice_of(mail->smtp), scheme, host;

	if (!rest.size)
		return 0;
	scheme = slice_cut(&rest, ':');
	host = rest;
	if ((!slice_is(scheme, "smtp") && !slice_is(scheme, "smtps")) ||
	    !slice_starts(rest, SLICE("//")) || strpbrk(mail->smtp, "@ ?#"))
		return fault_set(fault, E_INVALID,
				 "auth.smtp: '%s' is not smtp://HOST:PORT or "
				 "smtps://HOST:PORT",
				 mail->smtp);
	host = slice_make(rest.data + 2, rest.size - 2);
	host = slice_cut(&host, '/');
	if (!mail->smtp_tls && !is_here(host))
		return fault_set(fault, E_INVALID,
				 "auth.smtp_tls: codes go without TLS to a "
				 "server on this machine only, not to '%.*s'",
				 SLICE_ARGS(host));
	return 0;
}

/* ---- what libcurl asks of us ----------------------------------------------- */

static size_t give(char *out, size_t size, size_t count, void *arg)
{
	struct auth_smtp *s = arg;
	size_t room = size * count,
	       part = s->left.size < room ? s->left.size : room;

	memcpy(out, s->left.data, part);
	s->left.data += part;
	s->left.size -= part;
	return part;
}

/* Keeps the line by which the server says no, without what ends it. */
static size_t hear(char *line, size_t size, size_t count, void *arg)
{
	struct auth_smtp *s = arg;
	struct slice heard = slice_make(line, size * count);

	heard = slice_cut(&heard, '\r');
	if (heard.size && (*heard.data == '4' || *heard.data == '5'))
		snprintf(s->reply, sizeof(s->reply), " (%.*s)",
			 SLICE_ARGS(heard));
	return size * count;
}

static int must_end(void *arg, curl_off_t a, curl_off_t b, curl_off_t c,
		    curl_off_t d)
{
	const struct auth_smtp *s = arg;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return atomic_load(s->stop);
}

/* ---- sending --------------------------------------------------------------- */

static void set_server(CURL *curl, const struct auth_mail *mail)
{
	curl_easy_setopt(curl, CURLOPT_URL, mail->smtp);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
			 (long)(mail->smtp_tls ? CURLUSESSL_ALL
					       : CURLUSESSL_NONE));
	curl_easy_setopt(curl, CURLOPT_SSLVERSION,
			 (long)CURL_SSLVERSION_TLSv1_2);
	if (mail->smtp_authorities && *mail->smtp_authorities)
		curl_easy_setopt(curl, CURLOPT_CAINFO, mail->smtp_authorities);
	if (mail->smtp_user && *mail->smtp_user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, mail->smtp_user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD,
				 mail->smtp_password ? mail->smtp_password
						     : "");
	}
}

static void set_callbacks(struct auth_smtp *s)
{
	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT, (long)AUTH_SMTP_SECONDS);
	curl_easy_setopt(s->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(s->curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(s->curl, CURLOPT_READDATA, s);
	curl_easy_setopt(s->curl, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(s->curl, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(s->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(s->curl, CURLOPT_XFERINFOFUNCTION, must_end);
	curl_easy_setopt(s->curl, CURLOPT_XFERINFODATA, s);
	curl_easy_setopt(s->curl, CURLOPT_ERRORBUFFER, s->why);
}

/* Was it the letter that the server did not like? It said so to one of the
 * letter's commands, or when it had all of it. */
static enum auth_smtp_result judge(const struct auth_smtp *s, CURLcode code)
{
	struct slice reply = slice_of(s->reply);

	if (code == CURLE_OK)
		return AUTH_SMTP_SENT;
	if (code != CURLE_SEND_ERROR && s->left.size)
		return AUTH_SMTP_DOWN;
	return slice_starts(reply, SLICE(" (55"))   ? AUTH_SMTP_REFUSED
	       : slice_starts(reply, SLICE(" (45")) ? AUTH_SMTP_LATER
						    : AUTH_SMTP_DOWN;
}

enum auth_smtp_result auth_smtp_send(struct auth_smtp *s,
				     const struct auth_mail *mail,
				     struct slice to, struct slice message,
				     struct fault *fault)
{
	char from[ADDRESS], address[ADDRESS];
	struct curl_slist *addresses;
	enum auth_smtp_result result;
	CURLcode code;

	snprintf(from, sizeof(from), "<%s>", mail->from);
	snprintf(address, sizeof(address), "<%.*s>", SLICE_ARGS(to));
	s->left = message;
	s->reply[0] = s->why[0] = '\0';
	curl_easy_reset(s->curl); /* keeps the connection */
	set_server(s->curl, mail);
	set_callbacks(s);
	addresses = curl_slist_append(NULL, address);
	if (!addresses)
		abort(); /* lack of memory ends the process */
	curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, addresses);
	code = curl_easy_perform(s->curl);
	result = judge(s, code);
	if (result != AUTH_SMTP_SENT)
		fault_set(fault, E_CODE_DELIVERY, "%s%s",
			  *s->why ? s->why : curl_easy_strerror(code),
			  s->reply);
	curl_slist_free_all(addresses);
	return result;
}

struct auth_smtp *auth_smtp_new(const atomic_bool *stop)
{
	struct auth_smtp *s = calloc(1, sizeof(*s));

	if (!s || curl_global_init(CURL_GLOBAL_DEFAULT) ||
	    (s->curl = curl_easy_init()) == NULL)
		abort(); /* lack of memory ends the process */
	s->stop = stop;
	return s;
}

void auth_smtp_free(struct auth_smtp *s)
{
	if (!s)
		return;
	curl_easy_cleanup(s->curl);
	curl_global_cleanup();
	free(s);
}
