#include "explain.h"
#include "words.h"

static const char *enforce_word(enum gate_enforce enforce)
{
	switch (enforce) {
	case ENFORCE_BLOCK:
		return "block";
	case ENFORCE_WARN:
		return "warn";
	case ENFORCE_OFF:
		break;
	}
	return "off";
}

static json_t *gates_json(struct arena *arena, const struct gate_uses *uses)
{
	json_t *array = json_array();

	for (size_t i = 0; i < uses->n; i++) {
		const struct gate *gate = uses->v[i].gate;
		json_t *object = json_object();

		json_object_set_new(
		    object, "name", json_text(arena, gate->name));
		json_object_set_new(
		    object, "kind", json_text(arena, gate->form->kind));
		json_object_set_new(object, "enforce",
		    json_string(enforce_word(gate->enforce)));
		json_object_set_new(
		    object, "words", json_text(arena, words_gate(arena, gate)));
		json_object_set_new(object, "line",
		    json_integer((json_int_t)uses->v[i].mark.line));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *accept_json(const struct stage *stage)
{
	json_t *array = json_array();

	if (stage->accept & ACCEPT_FAST_FORWARD)
		json_array_append_new(array, json_string("fast-forward"));
	if (stage->accept & ACCEPT_MERGE)
		json_array_append_new(array, json_string("merge"));
	if (stage->accept & ACCEPT_SQUASH)
		json_array_append_new(array, json_string("squash"));
	return array;
}

static json_t *refs_json(struct arena *arena, const struct stage *stage)
{
	struct strings refs = { NULL, 0, 0 };

	for (size_t i = 0; i < stage->nrefs; i++)
		strings_add(arena, &refs, stage->refs[i].glob);
	return json_texts(arena, &refs);
}

static json_t *stage_json(
    struct arena *arena, const struct policy *policy, const struct stage *stage)
{
	json_t *object = json_object(), *freezes = json_array();
	struct strings from = { NULL, 0, 0 };

	words_from(arena, policy, stage, &from);
	for (size_t i = 0; i < stage->nfreezes; i++)
		json_array_append_new(freezes,
		    json_text(arena, words_freeze(arena, &stage->freezes[i])));
	json_object_set_new(object, "name", json_text(arena, stage->name));
	json_object_set_new(object, "refs", refs_json(arena, stage));
	json_object_set_new(
	    object, "clients", json_texts(arena, &stage->clients));
	json_object_set_new(object, "from", json_texts(arena, &from));
	json_object_set_new(object, "push", json_texts(arena, &stage->push));
	json_object_set_new(object, "accept", accept_json(stage));
	json_object_set_new(object, "gates", gates_json(arena, &stage->gates));
	json_object_set_new(
	    object, "settled_by", gates_json(arena, &stage->settled_by));
	json_object_set_new(
	    object, "up_to_date", json_boolean(stage->up_to_date));
	json_object_set_new(
	    object, "soak_s", json_integer((json_int_t)stage->soak_s));
	json_object_set_new(object, "quorum",
	    json_text(arena, stage->quorum.text ? stage->quorum.text : "1"));
	json_object_set_new(object, "freeze", freezes);
	json_object_set_new(object, "rewind", json_boolean(stage->rewind));
	json_object_set_new(object, "delete", json_boolean(stage->deletion));
	json_object_set_new(object, "linear", json_boolean(stage->linear));
	json_object_set_new(object, "keep", json_boolean(stage->keep));
	json_object_set_new(object, "tags", json_texts(arena, &stage->tags));
	json_object_set_new(object, "annotated_tags",
	    stage->annotated_tags.roles.n
		? json_texts(arena, &stage->annotated_tags.roles)
		: json_boolean(stage->annotated_tags.on));
	return object;
}

/* null: nobody may. */
static json_t *rollback_json(
    struct arena *arena, const struct rollback_rules *rules)
{
	json_t *object;

	if (!rules->on)
		return json_null();
	object = json_object();
	json_object_set_new(object, "by", json_texts(arena, &rules->by));
	json_object_set_new(
	    object, "window_s", json_integer((json_int_t)rules->window_s));
	json_object_set_new(object, "rewind", json_boolean(rules->rewind));
	json_object_set_new(object, "then", gates_json(arena, &rules->then));
	return object;
}

static json_t *bypass_json(struct arena *arena, const struct policy *policy)
{
	const struct bypass_rules *rules = &policy->bypass;
	struct strings around = { NULL, 0, 0 }, stages = { NULL, 0, 0 };
	json_t *object;

	if (!rules->on)
		return json_null();
	object = json_object();
	words_around(arena, rules, &around);
	for (size_t i = 0; i < rules->stages.n; i++)
		strings_add(
		    arena, &stages, policy->stages[rules->stages.v[i]].name);
	json_object_set_new(object, "by", json_texts(arena, &rules->by));
	json_object_set_new(object, "stages", json_texts(arena, &stages));
	json_object_set_new(object, "gates", json_texts(arena, &around));
	json_object_set_new(
	    object, "approvals", json_integer((json_int_t)rules->approvals));
	json_object_set_new(object, "then", gates_json(arena, &rules->then));
	return object;
}

/* Repositories by the path of the submodule. */
static json_t *children_json(struct arena *arena, const struct policy *policy)
{
	json_t *object = json_object();

	for (size_t i = 0; i < policy->nchildren; i++)
		json_object_set_new(object, policy->children[i].path,
		    json_text(arena, policy->children[i].repository));
	return object;
}

void explain_json(
    struct admin *admin, const struct policy *policy, const struct stage *only)
{
	struct arena *arena = admin->arena;
	json_t *object = json_object(), *stages = json_array();

	for (size_t i = 0; i < policy->nstages; i++)
		if (!only || &policy->stages[i] == only)
			json_array_append_new(stages,
			    stage_json(arena, policy, &policy->stages[i]));
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "flow", json_text(arena, policy->flow));
	json_object_set_new(
	    object, "version", json_text(arena, policy->version.text));
	json_object_set_new(
	    object, "status", json_string(status_word(policy->status)));
	json_object_set_new(object, "stages", stages);
	json_object_set_new(
	    object, "always", gates_json(arena, &policy->always));
	json_object_set_new(
	    object, "rollback", rollback_json(arena, &policy->rollback));
	json_object_set_new(object, "bypass", bypass_json(arena, policy));
	json_object_set_new(
	    object, "notify", explain_notify_json(arena, policy));
	json_object_set_new(object, "other_refs",
	    json_string(policy->other_refs_allowed ? "allow" : "deny"));
	json_object_set_new(
	    object, "host_refs", json_texts(arena, &policy->host_refs));
	json_object_set_new(object, "children", children_json(arena, policy));
	admin_json(admin, object);
}
