#include "notify/mail.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/digest.h"
#include "notify/encodedword.h"
#include "notify/eventfields.h"
#include "notify/mailtext.h"
#include "policy/address.h"

#define MAIL_BYTES_MAX ((size_t)2 << 20)
#define LINE_BYTES_MAX ((size_t)900) /* 998 is what RFC 5322 allows */

/* ---- may it be sent? ---------------------------------------------------- */

static bool is_of_other(const struct event *event, const struct mail_to *to)
{
	const struct client *whose = event->ref
	    ? policy_client_of_ref(to->policy, event->ref)
	    : NULL;

	if (whose && strcmp(whose->name, to->client) != 0)
		return true;
	return event->client ? strcmp(event->client, to->client) != 0
			     : !strings_have(&event->clients, to->client);
}

static int check(
    const struct event *event, const struct mail_to *to, struct err *err)
{
	if (event_check(event, err) < 0)
		return -1;
	if (!mail_address_ok(to->address) || !mail_address_ok(to->from))
		return err_set(err, ERR_FORMAT, "not a mail address");
	if (to->client && !(NOTIFY_CLIENTS & NOTIFY_BIT(event->kind)))
		return err_set(err, ERR_FORMAT,
		    "clients are not told of events of kind '%s'",
		    notify_words[event->kind]);
	if (to->client && is_of_other(event, to))
		return err_set(err, ERR_FORMAT,
		    "the event is not about client '%s'", to->client);
	return 0;
}

/* ---- the header --------------------------------------------------------- */

static const char *host_of(const struct mail_to *to)
{
	return strchr(to->from, '@') + 1;
}

static void add_date(struct buf *out, int64_t at)
{
	time_t when = (time_t)at;
	char text[64];
	struct tm tm;

	gmtime_r(&when, &tm);
	/* The locale stays C: these are the names of RFC 5322. */
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	buf_addf(out, "Date: %s\n", text);
}

/* Two clients may have one contact: it gets a mail for each. */
static void add_message_id(
    struct buf *out, const struct event *event, const struct mail_to *to)
{
	const char *const words[] = { to->address, to->client };

	buf_addf(out, "Message-ID: <%s.%.8s@%s>\n", event->id,
	    sha256_words40(out->arena, words, to->client ? 2 : 1), host_of(to));
}

static void add_thread(
    struct buf *out, const struct event *event, const struct mail_to *to)
{
	const char *const words[] = { event->repository_id, event->ref };
	const char *thread;

	if (!event->ref)
		return;
	thread = sha256_words40(
	    out->arena, words, sizeof(words) / sizeof(*words));
	buf_addf(out, "In-Reply-To: <%s@%s>\n", thread, host_of(to));
	buf_addf(out, "References: <%s@%s>\n", thread, host_of(to));
}

static bool is_ascii(const struct buf *text)
{
	for (size_t i = 0; i < text->len; i++)
		if ((unsigned char)text->p[i] > 0x7f)
			return false;
	return true;
}

static void add_header(struct buf *out, const struct event *event,
    const struct mail_to *to, const struct buf *body)
{
	static const char subject[] = "Subject: ";

	buf_addf(out, "From: stagegate <%s>\n", to->from);
	buf_addf(out, "To: %s\n", to->address);
	buf_adds(out, subject);
	header_text(
	    out, sizeof(subject) - 1, mail_subject(out->arena, event, to));
	buf_addc(out, '\n');
	add_date(out, event->at);
	add_message_id(out, event, to);
	add_thread(out, event, to);
	buf_adds(out, "MIME-Version: 1.0\n");
	buf_adds(out, "Content-Type: text/plain; charset=utf-8\n");
	buf_addf(out, "Content-Transfer-Encoding: %s\n",
	    is_ascii(body) ? "7bit" : "8bit");
	buf_adds(out, "Auto-Submitted: auto-generated\n");
	buf_addf(out, "X-Stagegate-Event: %s\n", notify_words[event->kind]);
}

/* ---- the body ----------------------------------------------------------- */

/* Wrapped lines are narrow, but marks that take no column are still bytes. */
static void add_line(struct buf *out, const char *line, size_t len)
{
	while (len > LINE_BYTES_MAX) {
		size_t n = LINE_BYTES_MAX;

		while (n > 1 && ((unsigned char)line[n] & 0xc0) == 0x80)
			n--;
		buf_add(out, line, n);
		buf_adds(out, "\n ");
		line += n;
		len -= n;
	}
	buf_add(out, line, len);
	buf_addc(out, '\n');
}

/* A lone full stop ends a message for some programs, and "From " begins one
 * for others. */
static void add_body(struct buf *out, const struct buf *body)
{
	for (const char *p = body->p, *end = p + body->len; p < end;) {
		const char *feed = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((feed ? feed : end) - p);

		if (strncmp(p, "From ", 5) == 0 || (len == 1 && *p == '.'))
			buf_addc(out, ' ');
		add_line(out, p, len);
		p += len + 1;
	}
}

int mail_compose(struct arena *arena, const struct event *event,
    const struct mail_to *to, const char **ret_bytes, size_t *ret_len,
    struct err *err)
{
	struct buf out, body;

	if (check(event, to, err) < 0)
		return -1;
	buf_init(&body, arena, MAIL_BYTES_MAX);
	mail_body(event, to, &body);
	buf_init(&out, arena, 2 * MAIL_BYTES_MAX);
	add_header(&out, event, to, &body);
	buf_addc(&out, '\n');
	add_body(&out, &body);
	if (body.overflow || out.overflow)
		return err_set(err, ERR_LIMIT,
		    "a mail is longer than %zu bytes", MAIL_BYTES_MAX);
	*ret_bytes = out.p;
	*ret_len = out.len;
	return 0;
}
