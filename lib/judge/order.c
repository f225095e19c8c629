#include "judge/order.h"

#include <string.h>

#include "base/shellword.h"
#include "base/text.h"
#include "judge/orderwork.h"

bool order_has(const struct order *order, enum code code)
{
	const struct findings *findings = &order->ref->findings;

	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].code == code)
			return true;
	return false;
}

void order_keep(struct order *order, const struct oid *oid)
{
	if (!oid_is_zero(oid) && !oids_have(&order->ref->keep, oid))
		ARRAY_PUSH(order->arena, &order->ref->keep, *oid);
}

void order_tell_nobody(struct order *order, struct mark mark)
{
	const struct push *push = order->push;
	struct finding *finding = finding_add(order->arena,
	    &order->ref->findings, CODE_PUSH_IDENTITY,
	    "it is not known who pushes: %s",
	    push->pusher_problem
		? text_clean_s(order->arena, push->pusher_problem)
		: "the server did not say who pushes");

	finding->mark = mark;
}

static void judge_role(struct order *order)
{
	const struct push *push = order->push;
	const struct stage *stage = order->stage;
	struct finding *finding;
	const char *roles;

	if (order_has(order, CODE_PUSH_IDENTITY) ||
	    order_has(order, CODE_PUSH_ROLE))
		return;
	if (!push->pusher) {
		order_tell_nobody(order, stage->push_mark);
		return;
	}
	if (policy_in_roles(order->policy, &stage->push, push->pusher))
		return;
	roles = strings_join(order->arena, &stage->push, "@");
	finding = finding_add(order->arena, &order->ref->findings,
	    CODE_PUSH_ROLE, "%s may not push to stage %s: that takes one of %s",
	    text_clean_s(order->arena, push->pusher), stage->name,
	    *roles ? roles : "nobody");
	finding->mark = stage->push_mark;
}

/* A client that is held takes nothing. */
static void judge_held(struct order *order)
{
	const struct stage *stage = order->stage;

	for (size_t i = 0; i < stage->clients.n; i++) {
		const struct client *client = policy_client(
		    order->policy, stage->clients.v[i]);
		struct finding *finding;

		if (!client || !client->hold ||
		    strcmp(client->ref, order->ref->ref) != 0)
			continue;
		finding = finding_add(order->arena, &order->ref->findings,
		    CODE_STAGE_HELD, "client %s is held: %s", client->name,
		    text_clean_s(order->arena, client->hold));
		finding->mark = client->mark;
	}
}

/*
 * "O is what R names on disk now (a claimed old value that differs is refused:
 * `moved, fetch again`)".  Nothing else can be said about such a move.
 */
bool order_moved(struct order *order)
{
	const struct ref_verdict *ref = order->ref;
	struct finding *finding;

	if (order_has(order, CODE_REF_MOVED))
		return true;
	if (!oid_eq(&ref->claimed, &ref->old)) {
		finding = finding_add(order->arena, &order->ref->findings,
		    CODE_REF_MOVED, "it moved, fetch again: it is %s%s, not %s",
		    oid_is_zero(&ref->old) ? "gone" : "at ",
		    oid_is_zero(&ref->old) ? "" : oid_hex8(&ref->old).s,
		    oid_hex8(&ref->claimed).s);
		order_hint(order, finding, "git fetch, then push again");
		return true;
	}
	if (oid_is_zero(&ref->old) && oid_is_zero(&ref->new)) {
		finding_add(order->arena, &order->ref->findings, CODE_REF_MOVED,
		    "there is no such ref to delete");
		return true;
	}
	return false;
}

static void tell_unobserved(struct order *order, const struct oid *old)
{
	struct finding *finding = finding_add(order->arena,
	    &order->ref->findings, CODE_STAGE_UNOBSERVED,
	    oid_is_zero(old)
		? "it was deleted behind the hooks' back"
		: "its tip %s was never recorded: it was moved behind the "
		  "hooks' back",
	    oid_hex8(old).s);

	order_hint(order, finding,
	    "an administrator looks at it, then takes it as it is:");
	ARRAY_PUSH(order->arena, &finding->commands,
	    arena_printf(order->arena, "stagegate adopt %s",
		shell_word(order->arena, order->ref->shown)));
}

/*
 * A tip that nobody recorded has been through nothing, and the ref takes no
 * push until an administrator has looked at it: "on an entry stage an
 * unobserved tip blocks nothing and is new".  A ref that went in the same way
 * could otherwise come back at an older tip.
 */
int order_observed(struct order *order, struct err *err)
{
	const struct view *view = order->view;
	const struct oid *old = &order->ref->old;
	struct view_entry_records last = { NULL, 0, 0 };
	bool in_flight = false;

	if (stage_is_entry(order->stage))
		return 0;
	if (view->entries(
		view->ledger, order->arena, order->ref->ref, 1, &last, err) < 0)
		return -1;
	if (last.n == 0 && oid_is_zero(old))
		return 0;
	if (last.n > 0 && oid_eq(&last.v[0].tip, old) &&
	    last.v[0].state != PASSAGE_UNOBSERVED)
		return 0;
	if (view->in_flight(
		view->ledger, order->ref->ref, old, &in_flight, err) < 0)
		return -1;
	if (!in_flight) {
		tell_unobserved(order, old);
		return 0;
	}
	order->ref->in_flight = true;
	if (oid_is_zero(old))
		finding_add(order->arena, &order->ref->findings, CODE_REF_MOVED,
		    "its deletion is being recorded, push again");
	else
		finding_add(order->arena, &order->ref->findings, CODE_REF_MOVED,
		    "its tip %s is being recorded, push again",
		    oid_hex8(old).s);
	return 0;
}

/* judge() has looked at the object's kind; whoever else calls is not let in
 * with something that is no commit. */
int order_object(struct order *order, bool *ret_ok, struct err *err)
{
	const struct view *view = order->view;
	const struct oid *new = &order->ref->new;
	enum object_kind kind;
	uint64_t size;

	if (view->kind(view->git, new, &kind, &size, err) < 0)
		return -1;
	*ret_ok = kind == OBJECT_COMMIT;
	if (kind == OBJECT_MISSING) {
		if (!order_has(order, CODE_OBJECT_MISSING))
			finding_add(order->arena, &order->ref->findings,
			    CODE_OBJECT_MISSING, "object %s is missing",
			    oid_hex8(new).s);
	} else if (kind != OBJECT_COMMIT) {
		if (!order_has(order, CODE_OBJECT_KIND))
			finding_add(order->arena, &order->ref->findings,
			    CODE_OBJECT_KIND, "%s is not a commit",
			    oid_hex8(new).s);
	}
	return 0;
}

/*
 * "A tip that a live plan names is in flight": once that push is recorded the
 * new tip may well have been through, and what was found against it is void.
 */
static int wait_for_record(
    struct order *order, size_t findings, struct err *err)
{
	struct ref_verdict *ref = order->ref;
	bool in_flight;

	if (ref->findings.n == findings && order->skips->n == 0)
		return 0;
	if (order_in_flight(order, &ref->new, &in_flight, err) < 0)
		return -1;
	if (!in_flight)
		return 0;
	ref->findings.n = findings;
	order->skips->n = 0;
	order_tell_in_flight(order, &ref->new);
	return 0;
}

static int enter(struct order *order, struct err *err)
{
	struct walk walk = { .n = 0 };
	size_t findings = order->ref->findings.n;

	if (order_walk(order, &walk, err) < 0 ||
	    order_steps(order, &walk, err) < 0 ||
	    wait_for_record(order, findings, err) < 0)
		return -1;
	return order_tell_skips(order, err);
}

static int judge_move(struct order *order, struct err *err)
{
	const struct view *view = order->view;
	struct ref_verdict *ref = order->ref;
	bool ok = false, contains = true;

	if (order_object(order, &ok, err) < 0)
		return -1;
	if (!ok)
		return 0;
	if (!oid_is_zero(&ref->old) &&
	    view->is_ancestor(view->git, &ref->old, &ref->new, &contains, err) <
		0)
		return -1;
	if (order->stage->linear && order_linear(order, err) < 0)
		return -1;
	if (stage_is_entry(order->stage))
		return order_entry(order, contains, err);
	if (!contains)
		return order_rewind(order, err);
	return enter(order, err);
}

/* NOLINTNEXTLINE(readability-function-size): as order.h has it */
int order_judge(struct arena *arena, const struct policy *policy,
    const struct push *push, const struct view *view, int64_t now,
    struct ref_verdict *ref, struct err *err)
{
	struct skips skips = { .n = 0 };
	struct order order = { .arena = arena,
		.policy = policy,
		.push = push,
		.view = view,
		.ref = ref,
		.stage = ref->stage,
		.now = now,
		.skips = &skips };
	struct rollback_asked asked;

	if (order_rollback_asked(&order, &asked, err) < 0)
		return -1;
	if (asked.reason)
		return order_rollback(&order, &asked, err);
	judge_role(&order);
	judge_held(&order);
	if (order_moved(&order))
		return 0;
	if (order_observed(&order, err) < 0)
		return -1;
	if (oid_is_zero(&ref->new))
		return order_delete(&order, err);
	return judge_move(&order, err);
}
