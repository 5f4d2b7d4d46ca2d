/* clients/cli/password.c - a password, never from the command line */
#include "clients/cli/password.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

/* Reads up to the end of a line, byte by byte, so that what follows stays for
 * the next reader. */
static int read_line(struct cli *c, int fd, char password[PASSWORD_MAX])
{
	size_t size = 0;

	for (;;) {
		char byte;
		ssize_t got = read(fd, &byte, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || byte == '\n')
			break;
		if (size == PASSWORD_MAX - 1)
			return cli_misuse(c,
					  "the password is longer than %d "
					  "bytes",
					  PASSWORD_MAX - 1);
		password[size++] = byte;
	}
	if (size > 0 && password[size - 1] == '\r')
		size--;
	password[size] = '\0';
	return size > 0 ? 0 : cli_misuse(c, "the password is empty");
}

static int read_silently(struct cli *c, int tty, const char *prompt,
			 char password[PASSWORD_MAX])
{
	struct termios before, silent;
	sigset_t interrupts, signals_before;
	int result;

	if (tcgetattr(tty, &before) != 0)
		return cli_misuse(c, "there is no terminal to ask at: use "
				     "--password-stdin");
	/* an interrupt must not leave the terminal without its echo */
	sigemptyset(&interrupts);
	sigaddset(&interrupts, SIGINT);
	sigaddset(&interrupts, SIGTSTP);
	sigprocmask(SIG_BLOCK, &interrupts, &signals_before);
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	tcsetattr(tty, TCSAFLUSH, &silent);
	dprintf(tty, "%s", prompt);
	result = read_line(c, tty, password);
	dprintf(tty, "\n");
	tcsetattr(tty, TCSAFLUSH, &before);
	sigprocmask(SIG_SETMASK, &signals_before, NULL);
	return result;
}

int password_read(struct cli *c, const char *prompt,
		  char password[PASSWORD_MAX])
{
	int tty, result;

	if (c->password_stdin)
		return read_line(c, STDIN_FILENO, password);
	tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty < 0)
		return cli_misuse(c, "there is no terminal to ask at: use "
				     "--password-stdin");
	result = read_silently(c, tty, prompt, password);
	close(tty);
	return result;
}
