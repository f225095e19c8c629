#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "policy/address.h"
#include "policy/field_value.h"
#include "policy/loader.h"

const char *const notify_words[] = {
	[NOTIFY_ENTERED] = "entered",
	[NOTIFY_ROLLED_BACK] = "rolled-back",
	[NOTIFY_BYPASSED] = "bypassed",
	[NOTIFY_REFUSED] = "refused",
	[NOTIFY_HELD] = "held",
	[NOTIFY_EVIDENCE] = "evidence",
	[NOTIFY_INCIDENT_CLOSED] = "incident-closed",
	[NOTIFY_UNOBSERVED] = "unobserved",
	[NOTIFY_DELIVERY_FAILED] = "delivery-failed",
	[NOTIFY_EVENTS] = NULL,
};

#define ALL_CLIENTS "@clients"
#define URL_MAX 2048u /* bytes */

static void read_mail(
    struct loader *ld, const struct node *list, struct notify_keys *keys)
{
	for (size_t i = 0; i < keys->mail.n; i++) {
		const char *address = keys->mail.v[i];
		const struct mark mark = field_item(list, i)->mark;

		if (strcmp(address, ALL_CLIENTS) == 0)
			keys->rule.mail_clients = true;
		else if (*address == '@')
			diag_error(ld->diags, mark,
			    "'%s' is no list of addresses: that is " ALL_CLIENTS
			    " alone",
			    address);
		else if (!mail_address_ok(address))
			diag_error(ld->diags, mark,
			    "'%s' is not an e-mail address", address);
		else
			strings_add(ld->arena, &keys->rule.mail, address);
	}
}

/* Clients hear of what happened to them, and of nothing that is ours. */
static void check_clients(
    struct loader *ld, const struct node *list, const struct notify_rule *rule)
{
	if (rule->mail_clients && !(rule->on & NOTIFY_CLIENTS))
		diag_warning(ld->diags, list->mark,
		    ALL_CLIENTS " are told of none of 'on': they hear of "
				"entered, rolled-back, bypassed and "
				"incident-closed");
}

static bool can_be_told(const struct client *client)
{
	for (size_t i = 0; i < client->contact.n; i++)
		if (mail_address_ok(client->contact.v[i]))
			return true;
	return false;
}

static void check_contacts(struct loader *ld)
{
	const struct policy *policy = ld->policy;
	bool asked = false;

	for (size_t i = 0; i < policy->nnotify; i++)
		asked = asked || policy->notify[i].mail_clients;
	for (size_t i = 0; asked && i < policy->nclients; i++)
		if (!can_be_told(&policy->clients[i]))
			diag_warning(ld->diags, policy->clients[i].mark,
			    "client '%s' has no 'contact' that is an e-mail "
			    "address: nothing is sent to it",
			    policy->clients[i].name);
}

static bool has_host(const char *url, const char *host)
{
	size_t len = strlen(host);

	return strncmp(url, host, len) == 0 && strchr(":/", url[len]);
}

/* What http:// sends can be read and changed on its way. */
static bool stays_here(const char *url)
{
	return has_host(url, "localhost") || has_host(url, "127.0.0.1") ||
	    has_host(url, "[::1]");
}

/* RFC 3986 names more characters; those would have to be encoded. */
static bool url_ok(const char *url)
{
	if (strlen(url) > URL_MAX)
		return false;
	for (const char *p = url; *p; p++)
		if (!isgraph((unsigned char)*p) || strchr("\"\\<>^`{|}", *p))
			return false;
	return true;
}

static void check_webhook(
    struct loader *ld, const struct node *node, const struct notify_rule *rule)
{
	const char *url = rule->webhook;
	const struct mark mark = field_mark(node, "webhook");
	bool plain = url && str_prefix(url, "http://");
	const char *host = plain ? url + strlen("http://")
	    : url                ? url + strlen("https://")
				 : NULL;

	if (rule->secret_file && *rule->secret_file != '/')
		diag_error(ld->diags, field_mark(node, "secret_file"),
		    "'secret_file' must be an absolute path, not '%s'",
		    rule->secret_file);
	if (rule->secret_file && !url)
		diag_error(ld->diags, field_mark(node, "secret_file"),
		    "'secret_file' signs what goes to a 'webhook': there is "
		    "none here");
	if (!url)
		return;
	if ((!plain && !str_prefix(url, "https://")) || !url_ok(url) ||
	    (!isalnum((unsigned char)*host) && *host != '['))
		diag_error(ld->diags, mark,
		    "'webhook' must be an http:// or https:// address, not "
		    "'%s'",
		    url);
	else if (plain && !stays_here(host))
		diag_warning(ld->diags, mark,
		    "'webhook' goes over http://: anybody on the way can read "
		    "it");
}

static void read_rule(
    struct loader *ld, const struct node *node, struct notify_rule *rule)
{
	struct notify_keys keys = { .rule = { .mark = node->mark } };
	const bool is_mapping = node->type == NODE_MAPPING;

	program_limits_default(&keys.rule.limits);
	if (!fields_read(ld->arena, node, notify_fields, "a rule of 'notify'",
		&keys, ld->diags))
		return;
	read_stage_ids(ld, node_get(node, "stages"), "'stages' of 'notify'",
	    &keys.rule.stages);
	read_mail(ld, node_get(node, "mail"), &keys);
	check_clients(ld, node_get(node, "mail"), &keys.rule);
	check_webhook(ld, node, &keys.rule);
	program_words_check(&keys.rule.exec, "exec", node, ld->diags);
	(void)program_limits_check(&keys.rule.limits, node, ld->diags);
	if (is_mapping && keys.mail.n == 0 && !keys.rule.webhook &&
	    keys.rule.exec.n == 0)
		diag_error(ld->diags, node->mark,
		    "a rule of 'notify' tells nobody: it lacks 'mail', "
		    "'webhook' or 'exec'");
	*rule = keys.rule;
}

void load_notify(struct loader *ld)
{
	const struct node *list = ld->keys.notify;
	struct policy *policy = ld->policy;

	if (!list)
		return;
	if (list->type != NODE_SEQUENCE) {
		diag_error(ld->diags, list->mark,
		    "'notify' must be a list of mappings, not %s",
		    node_words(ld->arena, list));
		return;
	}
	if (list->n > NOTIFY_MAX) {
		diag_error(ld->diags, list->mark,
		    "'notify' must hold at most %d rules, not %zu", NOTIFY_MAX,
		    list->n);
		return;
	}
	policy->notify = arena_array(
	    ld->arena, list->n, sizeof(*policy->notify));
	policy->nnotify = list->n;
	for (size_t i = 0; i < list->n; i++)
		read_rule(ld, list->items[i], &policy->notify[i]);
	check_contacts(ld);
}
