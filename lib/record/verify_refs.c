#include "record/verify.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "git/treestore.h"
#include "judge/stagerefs.h"
#include "record/chain.h"
#include "record/entryfile.h"

#define HEADS "refs/heads/"

struct place { /* of a ref */
	const char *ref;
	struct oid recorded, now; /* zero: not there */
	bool is_recorded;         /* it has a record, maybe of its deletion */
	bool is_symbolic;
};

struct places {
	struct place *v;
	size_t n, cap;
};

static void find(struct arena *arena, const struct verify_refs_of *of,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void find(
    struct arena *arena, const struct verify_refs_of *of, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	of->sink->tell(of->sink->ctx, VERIFY_FINDING, ledger_tip(of->ledger),
	    text_clean_s(arena, text));
}

/* ---- refs that are recorded ---------------------------------------------- */

static int add_record(struct arena *arena, const struct verify_refs_of *of,
    const char *path, struct places *ret, struct err *err)
{
	struct ref_record record;
	const char *bytes;
	size_t len;

	if (treestore_read(
		ledger_tree(of->ledger), arena, path, &bytes, &len, NULL, err))
		return -1;
	/* What does not read was told of with the commit that wrote it. */
	if (!bytes || ref_record_parse(arena, path, bytes, len, &record, err) ||
	    !policy_stage_of_ref(of->policy, record.ref, NULL))
		return 0;
	ARRAY_PUSH(arena, ret,
	    (struct place){ .ref = record.ref,
		.recorded = record.tip,
		.is_recorded = true });
	return 0;
}

/* Every file in "refs/aa/bb/". */
static int find_recorded(struct arena *arena, const struct verify_refs_of *of,
    struct places *ret, struct err *err)
{
	struct treestore *tree = ledger_tree(of->ledger);
	struct strings a, b, c;

	if (treestore_list(tree, arena, "refs", &a, err))
		return -1;
	for (size_t i = 0; i < a.n; i++) {
		const char *outer = arena_printf(arena, "refs/%s", a.v[i]);

		if (treestore_list(tree, arena, outer, &b, err))
			return -1;
		for (size_t k = 0; k < b.n; k++) {
			const char *inner = arena_printf(
			    arena, "%s/%s", outer, b.v[k]);

			if (treestore_list(tree, arena, inner, &c, err))
				return -1;
			for (size_t m = 0; m < c.n; m++)
				if (add_record(arena, of,
					arena_printf(
					    arena, "%s/%s", inner, c.v[m]),
					ret, err))
					return -1;
		}
	}
	return 0;
}

/* ---- refs that are there ------------------------------------------------- */

static int is_recorded(struct arena *arena, struct ledger *ledger,
    const char *ref, bool *ret, struct err *err)
{
	struct ref_record *record;

	if (ledger_ref(ledger, arena, ref, &record, err))
		return -1;
	*ret = record != NULL;
	return 0;
}

static int find_unrecorded(struct arena *arena, const struct verify_refs_of *of,
    struct places *ret, struct err *err)
{
	for (size_t i = 0; i < of->policy->nstages; i++) {
		struct view_refs refs = { NULL, 0, 0 };

		if (stage_refs(
			of->view, arena, &of->policy->stages[i], &refs, err))
			return -1;
		for (size_t k = 0; k < refs.n; k++) {
			bool recorded;

			if (is_recorded(arena, of->ledger, refs.v[k].name,
				&recorded, err))
				return -1;
			if (!recorded)
				ARRAY_PUSH(arena, ret,
				    (struct place){ .ref = refs.v[k].name });
		}
	}
	return 0;
}

static int read_place(struct arena *arena, const struct verify_refs_of *of,
    struct place *place, struct err *err)
{
	struct view_ref ref;

	if (of->view->ref(of->view->git, arena, place->ref, &ref, err))
		return -1;
	place->is_symbolic = ref.exists && ref.symbolic;
	if (ref.exists)
		place->now = ref.oid;
	return 0;
}

/* ---- comparing ------------------------------------------------------------
 */

/* Can the two not be compared, or are they the same? */
static bool is_fine(const struct verify_refs_of *of, const struct place *place)
{
	if (of->of_remote &&
	    (oid_is_zero(&place->now) || !str_prefix(place->ref, HEADS)))
		return true;
	if (place->is_symbolic)
		return false;
	return oid_eq(&place->now, &place->recorded);
}

/* A push that is not recorded yet: its plan names where the ref is.  One that
 * is dead counts too, for the next hook makes a record of it. */
static bool is_planned(const struct plans *plans, const struct place *place)
{
	for (size_t i = 0; i < plans->n; i++)
		for (size_t k = 0; k < plans->v[i]->nrefs; k++) {
			const struct plan_ref *ref = &plans->v[i]->refs[k];

			if (strcmp(ref->ref, place->ref) == 0 &&
			    oid_eq(&ref->new, &place->now))
				return true;
		}
	return false;
}

/* newest: the ledger as it is after refs and plans were read. */
static int compare(struct arena *arena, const struct verify_refs_of *of,
    struct ledger *newest, const struct place *place, struct err *err)
{
	const struct oid_hex now = oid_hex8(&place->now);
	struct oid recorded;

	if (recorded_tip(newest, arena, place->ref, &recorded, err))
		return -1;
	if (place->is_symbolic)
		find(arena, of, "%s is a symbolic ref", place->ref);
	else if (oid_eq(&recorded, &place->now))
		return 0;
	else if (oid_is_zero(&place->now))
		find(arena, of, "%s is gone, the ledger has it at %s",
		    place->ref, oid_hex8(&recorded).s);
	else if (!oid_is_zero(&recorded))
		find(arena, of, "%s is at %s, the ledger has it at %s",
		    place->ref, now.s, oid_hex8(&recorded).s);
	else
		find(arena, of, "%s is at %s, which the ledger %s", place->ref,
		    now.s,
		    place->is_recorded ? "has as deleted" : "never recorded");
	return 0;
}

/* Refs, then plans, then the ledger, in this order: so a push that is being
 * recorded meanwhile is found in one of them. */
int verify_refs(
    struct arena *arena, const struct verify_refs_of *of, struct err *err)
{
	struct places places = { NULL, 0, 0 };
	struct plans plans = { NULL, 0, 0 };
	struct ledger *newest;

	if (find_recorded(arena, of, &places, err) ||
	    find_unrecorded(arena, of, &places, err))
		return -1;
	for (size_t i = 0; i < places.n; i++)
		if (read_place(arena, of, &places.v[i], err))
			return -1;
	if (plans_read(arena, of->repo, &plans, err) ||
	    ledger_open(arena, of->repo, &newest, err))
		return -1;
	for (size_t i = 0; i < places.n; i++)
		if (!is_fine(of, &places.v[i]) &&
		    !is_planned(&plans, &places.v[i]) &&
		    compare(arena, of, newest, &places.v[i], err))
			return -1;
	return 0;
}
