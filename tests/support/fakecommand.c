#include <string.h>

#include "base/num.h"
#include "support/fakedirectives.h"

/* Programs of `command` gates, which do what the table says of their name. */
static const struct fake_command *find(
    const struct fakeview *fake, const char *name)
{
	for (size_t i = 0; i < fake->commands.n; i++)
		if (strcmp(fake->commands.v[i].name, name) == 0)
			return &fake->commands.v[i];
	return NULL;
}

static int command_begin(
    void *commands, const struct view_command *command, struct err *err)
{
	struct fakeview *fake = commands;

	(void)err;
	strings_add(fake->arena, &fake->begun, command->run.v[0]);
	return 0;
}

static const char *changed_text(
    struct arena *arena, const struct view_command *command)
{
	const char *text = "";

	for (size_t i = 0; i < command->changed.n; i++)
		text = arena_printf(arena, "%s%s%s", text, i > 0 ? " " : "",
		    command->changed.v[i].path);
	return text;
}

/* Was it asked as the table wants it? */
static int check_asked(const struct fakeview *fake, struct arena *arena,
    const struct fake_command *fc, const struct view_command *command,
    struct err *err)
{
	const char *changed = changed_text(arena, command);

	if (fc->never)
		return err_set(err, ERR_INTERNAL, "it was run, and never is");
	if (fc->beside && !strings_have(&fake->begun, fc->beside))
		return err_set(err, ERR_INTERNAL,
		    "it is waited for before %s has begun", fc->beside);
	if (fc->changed && strcmp(fc->changed, changed) != 0)
		return err_set(
		    err, ERR_INTERNAL, "it is told of '%s'", changed);
	if (fc->only_changed != command->only_changed)
		return err_set(err, ERR_INTERNAL, "it gets other files");
	return 0;
}

static int command_end(void *commands, struct arena *arena,
    const struct view_command *command, struct view_command_end *ret,
    struct err *err)
{
	struct fakeview *fake = commands;
	const struct fake_command *fc = find(fake, command->run.v[0]);

	if (!fc)
		return err_set(err, ERR_NOTFOUND,
		    "the server has no program '%s'", command->run.v[0]);
	if (check_asked(fake, arena, fc, command, err) < 0)
		return -1;
	if (fc->error)
		return err_set(err, ERR_IO, "%s", fc->error);
	*ret = fc->end;
	return 0;
}

void fakecommand_init(struct fakeview *fake, struct view *view)
{
	view->commands = fake;
	view->command_begin = command_begin;
	view->command_end = command_end;
}

static int read_number(const struct word *word, const char *value,
    enum view_command_state state, struct fake_command *fc, struct err *err)
{
	uint64_t number;

	if (!str_to_u64(value, 255, &number))
		return word_unknown(word, err);
	fc->end.state = state;
	fc->end.status = (int)number;
	return 0;
}

static bool read_flag(const struct word *word, struct fake_command *fc)
{
	if (strcmp(word->text, "cut") == 0)
		fc->end.output_cut = true;
	else if (strcmp(word->text, "timeout") == 0)
		fc->end.state = COMMAND_TIMEOUT;
	else if (strcmp(word->text, "memory") == 0)
		fc->end.state = COMMAND_MEMORY;
	else if (strcmp(word->text, "push-timeout") == 0)
		fc->end.state = COMMAND_PUSH_TIMEOUT;
	else if (strcmp(word->text, "remembered") == 0)
		fc->end.state = COMMAND_REMEMBERED;
	else if (strcmp(word->text, "only-changed") == 0)
		fc->only_changed = true;
	else if (strcmp(word->text, "never") == 0)
		fc->never = true;
	else
		return false;
	return true;
}

static int read_word(
    const struct word *word, struct fake_command *fc, struct err *err)
{
	const char *value;

	if (read_flag(word, fc))
		return 0;
	if ((value = word_value(word, "exit")) != NULL)
		return read_number(word, value, COMMAND_EXITED, fc, err);
	if ((value = word_value(word, "signal")) != NULL)
		return read_number(word, value, COMMAND_KILLED, fc, err);
	if ((value = word_value(word, "output")) != NULL) {
		fc->end.output = value;
		fc->end.output_len = strlen(value);
	} else if ((value = word_value(word, "left")) != NULL) {
		fc->end.left_out = 1;
		fc->end.left_out_first = value;
	} else if ((value = word_value(word, "error")) != NULL) {
		fc->error = value;
	} else if ((value = word_value(word, "beside")) != NULL) {
		fc->beside = value;
	} else if ((value = word_value(word, "changed")) != NULL) {
		fc->changed = value;
	} else {
		return word_unknown(word, err);
	}
	return 0;
}

/* command NAME [KEY=VALUE..] [WORD..] */
int run_command(struct fakecase *c, const struct words *words, struct err *err)
{
	struct fake_command fc = { .end = { .output = "" } };

	if (words_too_few(words, 2, err) < 0)
		return -1;
	fc.name = words->v[1].text;
	if (strcmp(fc.name, "-") == 0) {
		c->view.command_begin = NULL;
		c->view.command_end = NULL;
		return 0;
	}
	for (size_t i = 2; i < words->n; i++)
		if (read_word(&words->v[i], &fc, err) < 0)
			return -1;
	ARRAY_PUSH(c->arena, &c->fake.commands, fc);
	return 0;
}
