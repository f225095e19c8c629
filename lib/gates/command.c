#include <string.h>

#include "base/digest.h"
#include "base/num.h"
#include "base/text.h"
#include "gates/gate.h"
#include "policy/program.h"

/*
 * command: a program that the server has exits 0 in a folder that holds the
 * candidate's files.  Where and how it runs is the view's business; all
 * programs of an update are begun before the first is waited for.
 */

#define LINES_SHOWN_MAX 200

enum {
	INPUT_TREE,
	INPUT_CHANGED
};

struct command_keys {
	struct strings run;
	int input;
	struct program_limits limits;
	bool network;
};

/* ---- what is to be run ------------------------------------------------ */

static void sum_text(struct sha256 *sum, const char *text)
{
	sha256_add(sum, text, strlen(text) + 1);
}

static void sum_number(struct sha256 *sum, uint64_t number)
{
	sha256_add(sum, &number, sizeof(number));
}

static void sum_strings(struct sha256 *sum, const struct strings *texts)
{
	sum_number(sum, texts->n);
	for (size_t i = 0; i < texts->n; i++)
		sum_text(sum, texts->v[i]);
}

static const char *key_of(
    struct arena *arena, const struct view_command *command)
{
	struct sha256 *sum = sha256_begin(arena);

	sum_strings(sum, &command->run);
	sum_number(sum, command->timeout);
	sum_number(sum, command->memory);
	sum_number(sum, command->output);
	sum_number(sum, command->network);
	sum_number(sum, command->only_changed);
	sum_number(sum, command->changed.n);
	for (size_t i = 0; i < command->changed.n; i++) {
		const struct view_file *file = &command->changed.v[i];

		sum_text(sum, file->path);
		sum_number(sum, file->entry.mode);
		sha256_add(sum, &file->entry.oid, sizeof(file->entry.oid));
	}
	sha256_add(sum, &command->tree, sizeof(command->tree));
	sum_text(sum, command->ref);
	sum_text(sum, command->stage);
	sha256_add(sum, &command->old, sizeof(command->old));
	sha256_add(sum, &command->new, sizeof(command->new));
	sha256_add(sum, &command->candidate, sizeof(command->candidate));
	return sha256_end40(arena, sum);
}

static int make(const struct gate *gate, const struct gate_facts *facts,
    struct view_command *ret, struct err *err)
{
	const struct command_keys *keys = gate->params;
	const struct view *view = facts->view;
	const struct change *change;
	struct view_node node;

	if (facts_change(facts, &change, err) < 0 ||
	    view->node(view->git, facts->arena, &facts->candidate, &node, err) <
		0)
		return -1;
	*ret = (struct view_command){ .gate = gate->name,
		.run = keys->run,
		.timeout = keys->limits.timeout_s,
		.memory = keys->limits.memory,
		.output = keys->limits.output,
		.network = keys->network,
		.only_changed = keys->input == INPUT_CHANGED,
		.tree = node.tree,
		.ref = facts->ref->ref,
		.stage = facts->stage ? facts->stage->name : "",
		.old = facts->ref->old,
		.new = facts->ref->new,
		.candidate = facts->candidate };
	for (size_t i = 0; i < change->n; i++)
		if (change->v[i].to.mode != 0)
			ARRAY_PUSH(facts->arena, &ret->changed,
			    (struct view_file){
				change->v[i].path, change->v[i].to });
	ret->key = key_of(facts->arena, ret);
	return 0;
}

/* Nobody makes the server work for a ref that he may not push to. */
static bool may_push(const struct gate_facts *facts)
{
	const struct findings *findings = &facts->ref->findings;

	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].code == CODE_PUSH_ROLE ||
		    findings->v[i].code == CODE_PUSH_IDENTITY)
			return facts->policy->status == STATUS_DRAFT;
	return true;
}

/* Is there something to be run?  Else why not. */
static bool is_wanted(const struct gate_facts *facts,
    const struct view_command *command, enum gate_state *ret_state,
    const char **ret_text)
{
	if (command->only_changed && command->changed.n == 0) {
		*ret_state = GATE_NOT_APPLICABLE;
		*ret_text = "no file was added or changed";
		return false;
	}
	*ret_state = GATE_MISSING;
	if (!may_push(facts)) {
		*ret_text = "not run for somebody who may not push here";
		return false;
	}
	*ret_text = "its program runs when this is pushed";
	return facts->view->command_end != NULL;
}

static int start(
    const struct gate *gate, const struct gate_facts *facts, struct err *err)
{
	const struct view *view = facts->view;
	struct view_command command;
	enum gate_state state;
	const char *text;

	if (make(gate, facts, &command, err) < 0)
		return -1;
	if (!is_wanted(facts, &command, &state, &text))
		return 0;
	return view->command_begin(view->commands, &command, err);
}

/* ---- how it ended ----------------------------------------------------- */

/* A line as it was meant: without a return at its end, tabs as blanks. */
static const char *line_shown(struct arena *arena, const char *p, size_t len)
{
	char *copy;

	while (len > 0 && p[len - 1] == '\r')
		len--;
	copy = arena_strndup(arena, p, len);
	for (size_t i = 0; i < len; i++)
		if (p[i] == '\t')
			copy[i] = ' ';
	return text_clean(arena, copy, len);
}

static void add_output(struct arena *arena, const struct view_command_end *end,
    struct strings *details)
{
	const char *p = end->output, *stop = p + end->output_len;
	size_t n = 0;

	while (p < stop) {
		const char *nl = memchr(p, '\n', (size_t)(stop - p));
		size_t len = (size_t)((nl ? nl : stop) - p);

		if (n++ < LINES_SHOWN_MAX)
			ARRAY_PUSH(arena, details, line_shown(arena, p, len));
		p += len + 1;
	}
	if (n > LINES_SHOWN_MAX)
		ARRAY_PUSH(arena, details,
		    arena_printf(
			arena, "and %zu lines more", n - LINES_SHOWN_MAX));
	if (end->output_cut)
		ARRAY_PUSH(arena, details,
		    arena_strdup(arena, "its output was cut there"));
	if (end->left_out > 0)
		ARRAY_PUSH(arena, details,
		    arena_printf(arena,
			"%zu symbolic %s out of the tree and %s not there: %s",
			end->left_out,
			end->left_out == 1 ? "link leads" : "links lead",
			end->left_out == 1 ? "is" : "are",
			text_clean_s(arena, end->left_out_first)));
}

static const char *signal_text(struct arena *arena, int number)
{
	static const struct {
		int number;
		const char *text;
	} known[] = { { 6, "was aborted" }, { 9, "was killed" },
		{ 11, "crashed: invalid use of memory" },
		{ 24, "took more processor time than its timeout allows" },
		{ 25, "wrote a larger file than it may" } };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].number == number)
			return known[i].text;
	return arena_printf(arena, "was ended by signal %d", number);
}

/* Exactly as long as the policy says: 90 s, not about a minute. */
static const char *seconds_text(struct arena *arena, uint64_t seconds)
{
	return seconds % 60 == 0
	    ? duration_format(arena, seconds)
	    : arena_printf(arena, "%llu s", (unsigned long long)seconds);
}

static void tell_exit(struct arena *arena, const struct command_keys *keys,
    const struct view_command_end *end, struct gate_row *row)
{
	row->text = arena_printf(arena, "exits %d", end->status);
	row->have = arena_printf(arena, "%d", end->status);
	row->want = "0";
	if (end->status == 0) {
		row->state = GATE_PASSED;
		return;
	}
	row->hint = arena_printf(arena, "it is %s, in a folder with %s",
	    text_clean_s(arena, keys->run.v[0]),
	    keys->input == INPUT_TREE ? "the files of the commit"
				      : "the changed files");
}

static void tell_end(const struct gate *gate, const struct gate_facts *facts,
    const struct view_command_end *end, struct gate_row *row)
{
	const struct command_keys *keys = gate->params;
	struct arena *arena = facts->arena;

	row->state = GATE_FAILED;
	switch (end->state) {
	case COMMAND_EXITED:
		tell_exit(arena, keys, end, row);
		break;
	case COMMAND_KILLED:
		row->text = signal_text(arena, end->status);
		row->hint = arena_printf(arena, "it may have %s of memory",
		    size_format(arena, keys->limits.memory));
		break;
	case COMMAND_MEMORY:
		row->text = arena_printf(arena, "took more than %s of memory",
		    size_format(arena, keys->limits.memory));
		break;
	case COMMAND_TIMEOUT:
		row->text = arena_printf(arena, "took longer than %s",
		    seconds_text(arena, keys->limits.timeout_s));
		break;
	case COMMAND_PUSH_TIMEOUT:
		row->text = arena_printf(arena,
		    "was not done when the push had taken %s",
		    seconds_text(arena, facts->policy->limit_time_s));
		row->hint = "push again, or fewer refs at once";
		break;
	case COMMAND_REMEMBERED:
		row->state = GATE_PASSED;
		row->text = "exits 0";
		break;
	case COMMAND_NOT_HERE:
		row->state = GATE_MISSING;
		row->text = text_clean(arena, end->output, end->output_len);
		return;
	}
	if (row->state != GATE_PASSED)
		add_output(arena, end, &row->details);
}

static int judge_command(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	const struct view *view = facts->view;
	struct view_command_end end;
	struct view_command command;

	if (make(gate, facts, &command, err) < 0)
		return -1;
	if (!is_wanted(facts, &command, &row->state, &row->text))
		return 0;
	if (view->command_end(view->commands, arena, &command, &end, err) < 0)
		return -1;
	tell_end(gate, facts, &end, row);
	return 0;
}

/* ---- keys ------------------------------------------------------------- */

static void defaults(void *params)
{
	struct command_keys *keys = params;

	program_limits_default(&keys->limits);
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct command_keys *keys = gate->params;

	(void)arena;
	program_words_check(&keys->run, "run", node, diags);
	if (program_limits_check(&keys->limits, node, diags) &&
	    keys->limits.timeout_s > policy->limit_time_s)
		diag_warning(diags, field_mark(node, "timeout"),
		    "'timeout' is longer than a push may take (limits.time)");
}

static const char *const inputs[] = {
	[INPUT_TREE] = "tree", [INPUT_CHANGED] = "changed", NULL
};

#define KEY(member) .offset = offsetof(struct command_keys, member)

static const struct field fields[] = {
	{ .name = "run",
	    .type = FIELD_STRINGS,
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY,
	    KEY(run) },
	{ .name = "input",
	    .type = FIELD_CHOICE,
	    .choices = inputs,
	    KEY(input) },
	{ .name = "timeout",
	    .type = FIELD_DURATION,
	    .flags = FIELD_POSITIVE,
	    KEY(limits.timeout_s) },
	{ .name = "memory", .type = FIELD_SIZE, KEY(limits.memory) },
	{ .name = "output", .type = FIELD_SIZE, KEY(limits.output) },
	{ .name = "network", .type = FIELD_BOOL, KEY(network) },
	{ .name = NULL },
};

const struct gate_kind gate_command = {
	.form = { .kind = "command",
	    .params_size = sizeof(struct command_keys),
	    .fields = fields,
	    .defaults = defaults,
	    .check = check },
	.family = GATE_OF_CHANGE,
	.start = start,
	.judge = judge_command,
};
