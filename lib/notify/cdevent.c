#include "notify/cdevent.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* What an event is depends on more than its kind in one case only. */
enum cdevent {
	BRANCH_CREATED,
	CHANGE_UPDATED,
	CHANGE_MERGED,
	SERVICE_DEPLOYED,
	SERVICE_ROLLEDBACK,
	INCIDENT_RESOLVED,
	STAGE_BYPASSED,
	PUSH_REFUSED,
	CLIENT_HELD,
	EVIDENCE_RECORDED,
	REF_UNOBSERVED,
	DELIVERY_FAILED
};

static const char *const types[] = {
	[BRANCH_CREATED] = "dev.cdevents.branch.created.0.3.0",
	[CHANGE_UPDATED] = "dev.cdevents.change.updated.0.3.0",
	[CHANGE_MERGED] = "dev.cdevents.change.merged.0.3.0",
	[SERVICE_DEPLOYED] = "dev.cdevents.service.deployed.0.3.0",
	[SERVICE_ROLLEDBACK] = "dev.cdevents.service.rolledback.0.3.0",
	[INCIDENT_RESOLVED] = "dev.cdevents.incident.resolved.0.3.0",
	[STAGE_BYPASSED] = "dev.cdeventsx.stagegate-stage.bypassed.0.1.0",
	[PUSH_REFUSED] = "dev.cdeventsx.stagegate-push.refused.0.1.0",
	[CLIENT_HELD] = "dev.cdeventsx.stagegate-client.held.0.1.0",
	[EVIDENCE_RECORDED] = "dev.cdeventsx.stagegate-evidence.recorded.0.1.0",
	[REF_UNOBSERVED] = "dev.cdeventsx.stagegate-ref.unobserved.0.1.0",
	[DELIVERY_FAILED] = "dev.cdeventsx.stagegate-delivery.failed.0.1.0",
};

static const enum cdevent kinds[] = {
	[NOTIFY_ENTERED] = CHANGE_MERGED,
	[NOTIFY_ROLLED_BACK] = SERVICE_ROLLEDBACK,
	[NOTIFY_BYPASSED] = STAGE_BYPASSED,
	[NOTIFY_REFUSED] = PUSH_REFUSED,
	[NOTIFY_HELD] = CLIENT_HELD,
	[NOTIFY_EVIDENCE] = EVIDENCE_RECORDED,
	[NOTIFY_INCIDENT_CLOSED] = INCIDENT_RESOLVED,
	[NOTIFY_UNOBSERVED] = REF_UNOBSERVED,
	[NOTIFY_DELIVERY_FAILED] = DELIVERY_FAILED,
};

static enum cdevent cdevent_of(const struct event *event)
{
	if (event->kind != NOTIFY_ENTERED)
		return kinds[event->kind];
	if (event->client)
		return SERVICE_DEPLOYED;
	if (!event->entry_stage)
		return CHANGE_MERGED;
	return oid_is_zero(&event->old) ? BRANCH_CREATED : CHANGE_UPDATED;
}

const char *cdevent_type(const struct event *event)
{
	return types[cdevent_of(event)];
}

const char *cdevent_source(struct arena *arena, const struct event *event)
{
	return arena_printf(arena, "urn:stagegate:%s", event->repository_id);
}

static const char *hex(struct arena *arena, const struct oid *oid)
{
	return arena_strdup(arena, oid_hex(oid).s);
}

const char *cdevent_subject(struct arena *arena, const struct event *event)
{
	switch (cdevent_of(event)) {
	case CHANGE_UPDATED:
	case CHANGE_MERGED:
		return hex(arena, &event->new);
	case EVIDENCE_RECORDED:
		return hex(arena, &event->commit);
	case INCIDENT_RESOLVED:
		return arena_printf(
		    arena, "%llu", (unsigned long long)event->incident);
	case SERVICE_DEPLOYED:
	case SERVICE_ROLLEDBACK:
		return text_clean_s(arena, event->repository);
	case STAGE_BYPASSED:
		return text_clean_s(arena, event->stage);
	case CLIENT_HELD:
		return text_clean_s(
		    arena, event->client ? event->client : event->ref);
	case DELIVERY_FAILED:
		return text_clean_s(arena, event->destination);
	case BRANCH_CREATED:
	case PUSH_REFUSED:
	case REF_UNOBSERVED:
		break;
	}
	return text_clean_s(arena, event->ref);
}

/* ---- content ------------------------------------------------------------ */

/* A package URL (https://github.com/package-url/purl-spec). */
static const char *purl(
    struct arena *arena, const struct event *event, const struct oid *commit)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *name = text_clean_s(arena, event->repository);
	struct buf out;

	buf_init(&out, arena, 3 * strlen(name) + 64);
	buf_adds(&out, "pkg:generic/");
	for (const char *p = name; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (isalnum(c) || strchr(".-_~", c)) {
			buf_addc(&out, *p);
			continue;
		}
		buf_addc(&out, '%');
		buf_addc(&out, digits[c >> 4]);
		buf_addc(&out, digits[c & 15]);
	}
	buf_addf(&out, "@%s", oid_hex(commit).s);
	return out.p;
}

static json_t *thing(const char *id, const char *source)
{
	return source ? json_pack("{s:s, s:s}", "id", id, "source", source)
		      : json_pack("{s:s}", "id", id);
}

static json_t *environment_of(struct arena *arena, const struct event *event)
{
	return thing(
	    text_clean_s(arena, event->client ? event->client : event->stage),
	    NULL);
}

json_t *cdevent_content(struct arena *arena, const struct event *event)
{
	const char *name = text_clean_s(arena, event->repository);

	switch (cdevent_of(event)) {
	case SERVICE_DEPLOYED:
	case SERVICE_ROLLEDBACK:
		return json_pack("{s:o, s:s}", "environment",
		    environment_of(arena, event), "artifactId",
		    purl(arena, event, &event->new));
	case INCIDENT_RESOLVED:
		return json_pack("{s:s, s:o, s:o, s:s}", "description",
		    text_clean_s(arena, event->reason), "environment",
		    environment_of(arena, event), "service", thing(name, NULL),
		    "artifactId", purl(arena, event, &event->commit));
	case BRANCH_CREATED:
	case CHANGE_UPDATED:
	case CHANGE_MERGED:
	case STAGE_BYPASSED:
	case PUSH_REFUSED:
	case CLIENT_HELD:
	case EVIDENCE_RECORDED:
	case REF_UNOBSERVED:
	case DELIVERY_FAILED:
		break;
	}
	return json_pack(
	    "{s:o}", "repository", thing(name, cdevent_source(arena, event)));
}
