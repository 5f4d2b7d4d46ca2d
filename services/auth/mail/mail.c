/* services/auth/mail/mail.c - messages to users, a file each */
#include "services/auth/mail/mail.h"
#include "lib/base/buffer.h"
#include "lib/base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MESSAGE_MAX = 8192, UNIQUE = 16 };

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

/* "Wed, 25 Nov 2026 20:04:09 +0000": RFC 5322's date, in its own language
 * whatever the locale. */
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

static void put_message(struct buffer *out, const char *from, struct slice to,
			struct slice username, const char *code, int64_t when,
			const char *unique)
{
	struct slice domain = slice_of(from);

	slice_cut(&domain, '@');
	put_date(out, when);
	buffer_printf(out,
		      "From: <%s>\r\n"
		      "To: <%.*s>\r\n"
		      "Message-ID: <%s@%.*s>\r\n"
		      "Subject: Your verification code\r\n"
		      "MIME-Version: 1.0\r\n"
		      "Content-Type: text/plain; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: 8bit\r\n"
		      "\r\n"
		      "Hello %.*s,\r\n"
		      "\r\n"
		      "Your confirmation code is %s\r\n",
		      from, SLICE_ARGS(to), unique, SLICE_ARGS(domain),
		      SLICE_ARGS(username), code);
}

static int write_file(const char *path, struct slice text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int failed = fd < 0;

	while (!failed && text.size) {
		ssize_t wrote = write(fd, text.data, text.size);

		if (wrote < 0 && errno != EINTR)
			failed = 1;
		if (wrote > 0) {
			text.data += wrote;
			text.size -= (size_t)wrote;
		}
	}
	if (fd >= 0 && close(fd))
		failed = 1;
	return failed ? -1 : 0;
}

int auth_mail_code(const struct auth_mail *mail, struct slice to,
		   struct slice username, const char *code, int64_t when,
		   struct fault *fault)
{
	char unique[UNIQUE + 1], draft[PATH_MAX], path[PATH_MAX];
	struct buffer text;
	int failed;

	random_text(unique, UNIQUE, letters);
	snprintf(draft, sizeof(draft), "%s/.%s.draft", mail->dir, unique);
	snprintf(path, sizeof(path), "%s/%lld-%s.eml", mail->dir,
		 (long long)when, unique);
	buffer_init(&text, MESSAGE_MAX);
	put_message(&text, mail->from, to, username, code, when, unique);
	failed = (mkdir(mail->dir, 0700) && errno != EEXIST) || text.failed ||
		 write_file(draft, buffer_slice(&text)) || rename(draft, path);
	buffer_release(&text);
	if (!failed)
		return 0;
	unlink(draft);
	return fault_set(fault, E_CODE_DELIVERY,
			 "The confirmation code could not be delivered.");
}
