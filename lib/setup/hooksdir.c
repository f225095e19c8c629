#include "setup/hooksdir.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

bool hook_is_good(const struct hook_look *look)
{
	return look->state == HOOK_IDENTICAL && look->executable &&
	    !look->is_link;
}

const char *hook_state_text(struct arena *arena, const struct hook_look *look)
{
	static const char *const texts[] = {
		[HOOK_IDENTICAL] = "is as installed",
		[HOOK_OTHER] = "is of another build of stagegate",
		[HOOK_MISSING] = "is missing",
		[HOOK_DANGLING] = "is a symbolic link to nothing, which git "
				  "takes for no hook",
		[HOOK_EMPTY] = "is empty, which git takes for success",
		[HOOK_NULS] = "is nothing but NUL bytes, which git takes for "
			      "success",
		[HOOK_FOREIGN] = "is not ours",
		[HOOK_NO_FILE] = "is no file",
		[HOOK_UNREADABLE] = "can't be read",
	};

	if (look->state == HOOK_UNREADABLE)
		return arena_printf(arena, "can't be read: %s", look->why);
	if (look->state == HOOK_OTHER && *look->mark.version)
		return arena_printf(arena,
		    "is stagegate's %s %s, ledger format %s", look->mark.hook,
		    look->mark.version, look->mark.ledger);
	if (look->state == HOOK_IDENTICAL && look->is_link)
		return "is a symbolic link, and git takes one that dangles for "
		       "no hook";
	if ((look->state == HOOK_IDENTICAL) && !look->executable)
		return "is not executable, which git takes for no hook";
	return texts[look->state];
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino != 0 && a->st_ino == b->st_ino &&
	    a->st_dev == b->st_dev && a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool is_all_nul(const char *bytes, size_t len)
{
	return bytes[0] == '\0' &&
	    (len == 1 || memcmp(bytes, bytes + 1, len - 1) == 0);
}

static enum hook_state unreadable(
    struct arena *arena, struct hook_look *look, const char *why)
{
	look->why = text_clean_s(arena, why);
	return HOOK_UNREADABLE;
}

/* Of a regular file.  Its bytes are read into a scratch arena: they are
 * megabytes, and there are many repositories. */
static enum hook_state state_of_file(
    struct arena *arena, const struct program *program, struct hook_look *look)
{
	enum hook_state state = HOOK_FOREIGN;
	struct arena scratch;
	struct err err;
	char *bytes;
	size_t len;

	if (look->st.st_size == 0)
		return HOOK_EMPTY;
	if (look->st.st_size > (off_t)PROGRAM_BYTES_MAX)
		return HOOK_FOREIGN;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	if (file_read(
		&scratch, look->path, PROGRAM_BYTES_MAX, &bytes, &len, &err)) {
		state = unreadable(arena, look, err.text);
	} else if (len == 0) {
		state = HOOK_EMPTY;
	} else if (len == program->len &&
	    memcmp(bytes, program->bytes, len) == 0) {
		look->mark = program->mark;
		state = HOOK_IDENTICAL;
	} else if (is_all_nul(bytes, len)) {
		state = HOOK_NULS;
	} else {
		look->mark = hook_mark_read(arena, bytes, len);
		if (look->mark.is_ours)
			state = HOOK_OTHER;
	}
	arena_release(&scratch);
	return state;
}

/* What the path leads to; false where that says the state already. */
static bool find_file(struct arena *arena, struct hook_look *look)
{
	bool found = lstat(look->path, &look->st) == 0;

	look->is_link = found && S_ISLNK(look->st.st_mode);
	if (look->is_link)
		found = stat(look->path, &look->st) == 0;
	if (found) {
		look->executable = (look->st.st_mode & 0111) != 0;
		look->state = HOOK_NO_FILE;
		return S_ISREG(look->st.st_mode);
	}
	look->st = (struct stat){ .st_ino = 0 };
	if (errno == ENOENT || errno == ENOTDIR ||
	    (errno == ELOOP && look->is_link))
		look->state = look->is_link ? HOOK_DANGLING : HOOK_MISSING;
	else
		look->state = unreadable(arena, look, strerror(errno));
	return false;
}

void hook_look(struct arena *arena, const char *path,
    const struct programs *programs, enum hook hook, struct hooks_seen *seen,
    struct hook_look *ret)
{
	struct hook_look look = { .path = path,
		.mark = { false, "", "", "", "" } };
	struct stat st;

	if (!find_file(arena, &look)) {
		/* its state is known */
	} else if (is_same_file(&seen->v[hook].st, &look.st)) {
		look.state = seen->v[hook].state;
		look.mark = seen->v[hook].mark;
	} else {
		look.state = state_of_file(arena, &programs->v[hook], &look);
		if (look.mark.is_ours) {
			seen->v[hook].st = look.st;
			seen->v[hook].state = look.state;
			seen->v[hook].mark = look.mark;
		}
	}
	look.chained = lstat(arena_printf(arena, "%s.chained", path), &st) == 0;
	*ret = look;
}

void hooks_look(struct arena *arena, const char *dir,
    const struct programs *programs, struct hooks_seen *seen,
    struct hooks_look *ret)
{
	struct stat st;

	*ret = (struct hooks_look){ .dir = dir };
	ret->is_there = stat(dir, &st) == 0 && S_ISDIR(st.st_mode);
	for (int i = 0; i < HOOKS; i++) {
		enum hook hook = (enum hook)i;
		const char *path = arena_printf(
		    arena, "%s/%s", dir, hook_name(hook));
		const char *drop = arena_printf(arena, "%s.d", path);

		hook_look(arena, path, programs, hook, seen, &ret->hook[i]);
		ret->has_drop[i] = stat(drop, &st) == 0 && S_ISDIR(st.st_mode);
		hook_look(arena,
		    arena_printf(arena, "%s/" HOOK_DROP_NAME, drop), programs,
		    hook, seen, &ret->drop[i]);
	}
}
