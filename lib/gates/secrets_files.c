#include <string.h>

#include "base/glob.h"
#include "base/oidmap.h"
#include "base/text.h"
#include "gates/secrets.h"

/*
 * What a commit brings to paths: names, contents of files, targets of symbolic
 * links.  Every blob is bytes: neither attributes nor a NUL hide anything.
 *
 * A line is new that no parent has at that path, and that nothing has which
 * the commit takes away (then it was moved).  Older blobs are read only where
 * that saves time or something was found.
 */
/* Bytes of a file that are searched whole sooner than its parent's are read. */
#define WHOLE_MAX ((size_t)8 << 10)
#define LEFT_MAX 32 /* files taken away that a new one is compared with */

struct file {
	const char *path;
	struct view_entry to;
	struct oid before; /* the first parent's blob; zero: none */
	bool is_new;       /* the first parent has nothing there */
};

struct left {             /* a file that the commit takes away */
	const char *name; /* its path's last part */
	struct oid oid;
};

struct commit_search {
	struct secrets_search *search;
	struct arena *scratch;
	const struct commit *commit;
	struct {
		struct file *v;
		size_t n, cap;
	} files;
	struct {
		struct left *v;
		size_t n, cap;
	} left;
	struct oidmap left_map; /* the same, by blob */
	struct oids parents;    /* trees of the parents but the first */
	struct arena file, old; /* of a blob each */
	/* of the file at hand */
	struct secret_hits in_name;
	const char *shown; /* its path as it is shown; NULL: not needed yet */
};

struct face { /* of a file: its bytes, or those as wide characters */
	struct secret_text text;
	struct secret_hits hits;
	bool wide;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* ---- reading ------------------------------------------------------------ */

static void add_left(struct commit_search *c, const struct view_change *change)
{
	const char *name = arena_strdup(c->scratch, last_part(change->path));

	if (oidmap_put(&c->left_map, &change->from.oid, NULL))
		ARRAY_PUSH(c->scratch, &c->left,
		    (struct left){ name, change->from.oid });
}

static int collect(void *ctx, const struct view_change *change, struct err *err)
{
	struct commit_search *c = ctx;
	struct file file = { .to = change->to };

	(void)err;
	if (entry_is_blob(&change->from)) {
		file.before = change->from.oid;
		/* What an allowed path holds nobody has looked at. */
		if (change->to.mode == 0 &&
		    !globs_match(&c->search->keys->allow, change->path))
			add_left(c, change);
	}
	file.is_new = change->from.mode == 0;
	if (change->to.mode == 0 ||
	    (!file.is_new && oid_eq(&change->to.oid, &change->from.oid)))
		return 0;
	file.path = arena_strdup(c->scratch, change->path);
	ARRAY_PUSH(c->scratch, &c->files, file);
	return 0;
}

static int read_trees(struct commit_search *c, struct err *err)
{
	const struct view *view = c->search->view;
	const struct commit *commit = c->commit;
	struct view_node node;
	struct oid first;
	const struct oid *old = NULL;

	for (size_t i = 0; i < commit->parents.n; i++) {
		if (view->node(view->git, c->scratch, &commit->parents.v[i],
			&node, err) < 0)
			return -1;
		if (i == 0) {
			first = node.tree;
			old = &first;
		} else {
			ARRAY_PUSH(c->scratch, &c->parents, node.tree);
		}
	}
	return view->changes(view->git, old, &commit->tree, collect, c, err);
}

/* *ret_ok false: it has more than SECRETS_FILE_MAX bytes. */
static int read_blob(const struct commit_search *c, struct arena *arena,
    const struct oid *oid, struct secret_text *ret, bool *ret_ok,
    struct err *err)
{
	const struct view *view = c->search->view;

	arena_reset(arena);
	*ret = (struct secret_text){ "", 0 };
	*ret_ok = view->blob(view->git, arena, oid, SECRETS_FILE_MAX, &ret->p,
		      &ret->len, err) == 0;
	return *ret_ok || err->kind == ERR_SIZE || err->kind == ERR_LIMIT ? 0
									  : -1;
}

/* ---- what is new -------------------------------------------------------- */

static void drop_had(
    struct commit_search *c, struct face *face, const struct secret_text *old)
{
	struct secret_text text = *old;
	size_t n = 0;

	if (face->hits.n == 0)
		return;
	if (face->wide)
		secret_narrow(&c->old, old, &text);
	for (size_t i = 0; i < face->hits.n; i++)
		if (!secrets_had_lines(&text, &face->text, &face->hits.v[i]))
			face->hits.v[n++] = face->hits.v[i];
	face->hits.n = n;
}

static bool has_hits(const struct face faces[2])
{
	return faces[0].hits.n + faces[1].hits.n > 0;
}

static int drop_old(struct commit_search *c, struct face faces[2],
    const struct oid *blob, struct err *err)
{
	struct secret_text old;
	bool ok;

	if (!has_hits(faces))
		return 0;
	if (read_blob(c, &c->old, blob, &old, &ok, err) < 0)
		return -1;
	if (ok) {
		drop_had(c, &faces[0], &old);
		drop_had(c, &faces[1], &old);
	}
	return 0;
}

/* Of many files that are moved at once, one keeps its name. */
static int drop_left(struct commit_search *c, const struct file *file,
    struct face faces[2], struct err *err)
{
	const char *name = last_part(file->path);
	size_t read = 0;

	for (int same = 1; same >= 0; same--)
		for (size_t i = 0; i < c->left.n && read < LEFT_MAX; i++) {
			const struct left *left = &c->left.v[i];

			if (!has_hits(faces) ||
			    (strcmp(left->name, name) == 0) != same)
				continue;
			if (drop_old(c, faces, &left->oid, err) < 0)
				return -1;
			read++;
		}
	return 0;
}

static int drop_parents(struct commit_search *c, const struct file *file,
    struct face faces[2], struct err *err)
{
	const struct view *view = c->search->view;

	if (!oid_is_zero(&file->before) &&
	    drop_old(c, faces, &file->before, err) < 0)
		return -1;
	for (size_t i = 0; i < c->parents.n && has_hits(faces); i++) {
		struct view_entry entry;

		if (view->entry(view->git, &c->parents.v[i], file->path, &entry,
			err) < 0)
			return -1;
		if (entry_is_blob(&entry) &&
		    drop_old(c, faces, &entry.oid, err) < 0)
			return -1;
	}
	return file->is_new ? drop_left(c, file, faces, err) : 0;
}

/* ---- showing ------------------------------------------------------------ */

/* A path, with whatever it holds masked. */
static const char *masked_path(
    struct arena *arena, const char *path, const struct secret_hits *in_name)
{
	const char *shown = "";
	size_t at = 0, len = strlen(path);

	for (;;) {
		const struct secret_hit *next = NULL;

		for (size_t i = 0; i < in_name->n; i++)
			if (in_name->v[i].begin >= at &&
			    (!next || in_name->v[i].begin < next->begin))
				next = &in_name->v[i];
		if (!next)
			break;
		shown = arena_printf(arena, "%s%s%s", shown,
		    text_clean(arena, path + at, next->begin - at),
		    secret_masked(
			arena, path + next->begin, next->end - next->begin));
		at = next->end;
	}
	return arena_printf(
	    arena, "%s%s", shown, text_clean(arena, path + at, len - at));
}

static const char *shown_path(struct commit_search *c, const struct file *file)
{
	if (!c->shown)
		c->shown = masked_path(c->scratch, file->path, &c->in_name);
	return c->shown;
}

static void report_name(struct commit_search *c, const struct file *file,
    const struct secret_text *name)
{
	for (size_t i = 0; i < c->in_name.n; i++)
		secrets_report(c->search, c->scratch,
		    &(struct secret_place){
			&c->commit->id, shown_path(c, file), 0 },
		    name, &c->in_name.v[i]);
}

static void report_face(
    struct commit_search *c, const struct file *file, const struct face *face)
{
	for (size_t i = 0; i < face->hits.n; i++) {
		const struct secret_hit *hit = &face->hits.v[i];
		struct secret_place place = { .id = &c->commit->id };

		if (c->search->keys->inline_allow &&
		    secrets_allowed_inline(&face->text, hit))
			continue;
		place.where = shown_path(c, file);
		place.line = secrets_line(&face->text, hit->from);
		secrets_report(c->search, c->scratch, &place, &face->text, hit);
	}
}

/* ---- one file ----------------------------------------------------------- */

static int scan_face(struct commit_search *c, struct face *face, size_t from,
    size_t to, struct err *err)
{
	return secret_scan(c->search->scanner, c->scratch, &face->text, from,
	    to, &face->hits, err);
}

static int scan_file(struct commit_search *c, const struct file *file,
    struct face faces[2], struct err *err)
{
	struct secret_text *text = &faces[0].text, old;
	size_t from = 0, to = text->len;
	bool ok;

	if (to > WHOLE_MAX && !oid_is_zero(&file->before)) {
		if (read_blob(c, &c->old, &file->before, &old, &ok, err) < 0)
			return -1;
		if (ok)
			secrets_trim(&old, text, &from, &to);
	}
	if (scan_face(c, &faces[0], from, to, err) < 0)
		return -1;
	if (!memchr(text->p + from, '\0', to - from))
		return 0;
	faces[1].wide = true;
	secret_narrow(&c->file, text, &faces[1].text);
	return scan_face(c, &faces[1], 0, faces[1].text.len, err);
}

static int search_content(
    struct commit_search *c, const struct file *file, struct err *err)
{
	struct face faces[2] = { 0 };
	bool ok, full;

	if (read_blob(c, &c->file, &file->to.oid, &faces[0].text, &ok, err) < 0)
		return -1;
	if (!ok) {
		offenders_add(&c->search->offenders,
		    "%s %s is too large to be searched: more than %zu MiB",
		    oid_hex8(&c->commit->id).s, shown_path(c, file),
		    SECRETS_FILE_MAX >> 20);
		return 0;
	}
	if (scan_file(c, file, faces, err) < 0)
		return -1;
	full = faces[0].hits.n >= HITS_MAX || faces[1].hits.n >= HITS_MAX;
	if (drop_parents(c, file, faces, err) < 0)
		return -1;
	report_face(c, file, &faces[0]);
	report_face(c, file, &faces[1]);
	if (full)
		offenders_add(&c->search->offenders,
		    "%s %s holds %d places like a credential: what comes "
		    "behind them was not searched",
		    oid_hex8(&c->commit->id).s, shown_path(c, file), HITS_MAX);
	return 0;
}

/* A merge: is it new to the other parents too?  *ret_known: one has the very
 * same there. */
static int ask_parents(struct commit_search *c, struct file *file,
    bool *ret_known, struct err *err)
{
	const struct view *view = c->search->view;

	*ret_known = false;
	for (size_t i = 0; i < c->parents.n && !*ret_known; i++) {
		struct view_entry entry;

		if (view->entry(view->git, &c->parents.v[i], file->path, &entry,
			err) < 0)
			return -1;
		if (entry.mode != 0)
			file->is_new = false;
		*ret_known = entry.mode != 0 &&
		    oid_eq(&entry.oid, &file->to.oid);
	}
	return 0;
}

static int search_file(
    struct commit_search *c, struct file *file, struct err *err)
{
	const struct secret_text name = { file->path, strlen(file->path) };
	bool known;

	if (globs_match(&c->search->keys->allow, file->path))
		return 0;
	c->in_name = (struct secret_hits){ NULL, 0, 0 };
	c->shown = NULL;
	if (ask_parents(c, file, &known, err) < 0)
		return -1;
	if (known)
		return 0;
	if (secret_scan(c->search->scanner, c->scratch, &name, 0, name.len,
		&c->in_name, err) < 0)
		return -1;
	if (file->is_new)
		report_name(c, file, &name);
	/* Moved as it was, it holds nothing new. */
	if (!entry_is_blob(&file->to) ||
	    (file->is_new && oidmap_has(&c->left_map, &file->to.oid)))
		return 0;
	return search_content(c, file, err);
}

int secrets_files(struct secrets_search *search, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	struct commit_search c = {
		.search = search, .scratch = scratch, .commit = commit
	};
	int r;

	oidmap_init(&c.left_map, scratch);
	if (read_trees(&c, err) < 0)
		return -1;
	arena_init(&c.file, ARENA_SCRATCH_MAX);
	arena_init(&c.old, ARENA_SCRATCH_MAX);
	r = 0;
	for (size_t i = 0; i < c.files.n && r == 0; i++)
		r = search_file(&c, &c.files.v[i], err);
	arena_release(&c.old);
	arena_release(&c.file);
	return r;
}
