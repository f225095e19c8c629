/*
 * A client of git receive-pack that sends what git push never would: the
 * command list is taken as it is, bytes and all (gitprotocol-pack(5)).
 *
 *	rawpush REPOSITORY PACK|- [-c CAPABILITIES] [-o OPTION].. COMMAND..
 *
 * A COMMAND is the text of one pkt-line, `OLD NEW REF`, in which \n, \t, \xNN
 * and \\ stand for those bytes.  PACK is a file with the pack to send, `-` for
 * none.  What the server says goes to standard output: side band 2 as it
 * comes, the report of side band 1 as lines `report: ..`.  Exit 0 when the
 * report says that everything was done.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PKT_MAX 65520
#define FAIL 2

static void fail(const char *what)
{
	perror(what);
	exit(FAIL);
}

static void send_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EPIPE)
			return;
		if (n <= 0)
			fail("rawpush: write");
		p += n;
		len -= (size_t)n;
	}
}

static bool read_all(int fd, char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = read(fd, p, len);

		if (n < 0)
			fail("rawpush: read");
		if (n == 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static void send_pkt(int fd, const char *p, size_t len)
{
	char head[24];

	(void)snprintf(head, sizeof(head), "%04zx", len + 4);
	send_all(fd, head, 4);
	send_all(fd, p, len);
}

/* The length of a pkt-line, 0 for a flush, -1 at the end. */
static long read_pkt(int fd, char buf[PKT_MAX])
{
	char head[5] = "";
	char *end;
	long len;

	if (!read_all(fd, head, 4))
		return -1;
	len = strtol(head, &end, 16);
	if (*end || len > PKT_MAX || (len > 0 && len < 4))
		return -1;
	if (len <= 4)
		return 0;
	if (!read_all(fd, buf, (size_t)len - 4))
		return -1;
	return len - 4;
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static size_t unescape(const char *s, char *out)
{
	size_t n = 0;

	for (; *s; s++) {
		if (*s != '\\') {
			out[n++] = *s;
		} else if (s[1] == 'x' && hex(s[2]) >= 0 && hex(s[3]) >= 0) {
			out[n++] = (char)(hex(s[2]) * 16 + hex(s[3]));
			s += 3;
		} else {
			s++;
			out[n++] = *s == 'n' ? '\n' : *s == 't' ? '\t' : *s;
		}
	}
	return n;
}

static void send_pack(int fd, const char *path)
{
	char buf[PKT_MAX];
	FILE *pack = strcmp(path, "-") != 0 ? fopen(path, "rb") : NULL;
	size_t n;

	if (!pack)
		return;
	while ((n = fread(buf, 1, sizeof(buf), pack)) > 0)
		send_all(fd, buf, n);
	if (fclose(pack) != 0)
		fail(path);
}

/* Side band 1 carries pkt-lines of its own: unpack, ok, ng. */
static bool show_report(const char *p, size_t len)
{
	bool good = true;

	while (len >= 4) {
		char head[5] = "";
		size_t n;

		memcpy(head, p, 4);
		n = (size_t)strtoul(head, NULL, 16);
		if (n < 4 || n > len)
			break;
		printf("report: %.*s\n", (int)(n - 4), p + 4);
		if (strncmp(p + 4, "ng ", 3) == 0)
			good = false;
		p += n;
		len -= n;
	}
	return good;
}

static bool read_answer(int fd)
{
	char buf[PKT_MAX];
	bool good = true;
	long n;

	while ((n = read_pkt(fd, buf)) > 0) {
		if (buf[0] == 1)
			good = show_report(buf + 1, (size_t)n - 1) && good;
		else
			(void)fwrite(buf + 1, 1, (size_t)n - 1, stdout);
	}
	return good;
}

struct request {
	const char *repository, *pack, *capabilities;
	char **options;
	int noptions;
	char **commands;
};

static void send_commands(int fd, const struct request *request)
{
	bool first = true;

	for (char **c = request->commands; *c; c++) {
		char line[PKT_MAX];
		size_t n;

		if (strlen(*c) > PKT_MAX / 2)
			exit(FAIL);
		n = unescape(*c, line);
		if (first) {
			line[n++] = '\0';
			n += (size_t)snprintf(line + n, sizeof(line) - n, " %s",
			    request->capabilities);
		}
		first = false;
		send_pkt(fd, line, n);
	}
	send_all(fd, "0000", 4);
	if (request->noptions == 0)
		return;
	for (int i = 0; i < request->noptions; i++)
		send_pkt(fd, request->options[i], strlen(request->options[i]));
	send_all(fd, "0000", 4);
}

static pid_t start(const struct request *request, int *to, int *from)
{
	int in[2], out[2];
	pid_t pid;

	if (pipe(in) < 0 || pipe(out) < 0)
		fail("rawpush: pipe");
	pid = fork();
	if (pid < 0)
		fail("rawpush: fork");
	if (pid == 0) {
		if (dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0)
			_exit(FAIL);
		close(in[0]);
		close(in[1]);
		close(out[0]);
		close(out[1]);
		execlp("git", "git", "receive-pack", request->repository,
		    (char *)NULL);
		_exit(FAIL);
	}
	close(in[0]);
	close(out[1]);
	*to = in[1];
	*from = out[0];
	return pid;
}

int main(int argc, char **argv)
{
	struct request request = {
		.capabilities = "report-status side-band-64k"
	};
	char buf[PKT_MAX];
	int at = 3, to, from, status;
	bool good;
	pid_t pid;

	if (argc < 4) {
		fputs("usage: rawpush REPOSITORY PACK|- [-c CAPABILITIES] "
		      "[-o OPTION].. COMMAND..\n",
		    stderr);
		return FAIL;
	}
	request.repository = argv[1];
	request.pack = argv[2];
	request.options = calloc((size_t)argc, sizeof(char *));
	if (!request.options)
		fail("rawpush");
	for (; argv[at] && argv[at + 1]; at += 2) {
		if (strcmp(argv[at], "-c") == 0)
			request.capabilities = argv[at + 1];
		else if (strcmp(argv[at], "-o") == 0)
			request.options[request.noptions++] = argv[at + 1];
		else
			break;
	}
	request.commands = argv + at;
	/* git hangs up on what is no protocol at all. */
	(void)signal(SIGPIPE, SIG_IGN);
	pid = start(&request, &to, &from);
	while (read_pkt(from, buf) > 0)
		;
	send_commands(to, &request);
	send_pack(to, request.pack);
	close(to);
	good = read_answer(from);
	if (waitpid(pid, &status, 0) < 0)
		fail("rawpush: wait");
	free(request.options);
	return good && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
