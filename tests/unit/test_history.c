#include "git/history.h"

#include <stdlib.h>
#include <string.h>

#include "support/scratchrepo.h"
#include "support/unit.h"

/* How the graph is stored: the answers must be the same. */
enum graph {
	GRAPH_NONE,
	GRAPH_SINGLE,
	GRAPH_CHAIN,
	GRAPH_STALE
};
static const enum graph graphs[] = { GRAPH_NONE, GRAPH_SINGLE, GRAPH_CHAIN,
	GRAPH_STALE };

static const struct {
	enum scratch_dates dates;
	enum graph graph;
} shapes[] = {
	{ DATES_HONEST, GRAPH_NONE },
	{ DATES_HONEST, GRAPH_SINGLE },
	{ DATES_HONEST, GRAPH_CHAIN },
	{ DATES_HONEST, GRAPH_STALE },
	{ DATES_EQUAL, GRAPH_NONE },
	{ DATES_EQUAL, GRAPH_STALE },
	{ DATES_RANDOM, GRAPH_NONE },
	{ DATES_RANDOM, GRAPH_SINGLE },
	{ DATES_RANDOM, GRAPH_CHAIN },
	{ DATES_RANDOM, GRAPH_STALE },
	{ DATES_REVERSED, GRAPH_NONE },
	{ DATES_REVERSED, GRAPH_STALE },
};

static void write_graph(const char *dir, size_t n, enum graph graph)
{
	switch (graph) {
	case GRAPH_NONE:
		break;
	case GRAPH_SINGLE:
		scratch_sh("git -C %s commit-graph write --reachable", dir);
		break;
	case GRAPH_CHAIN:
		for (size_t i = 1; i < 4; i++)
			scratch_sh("for i in $(seq 0 %zu); do git -C %s "
				   "rev-parse refs/heads/c$i; done | git -C %s "
				   "commit-graph write --stdin-commits "
				   "--split=no-merge",
			    n * i / 3 - 1, dir, dir);
		break;
	case GRAPH_STALE: /* only the first half is in it */
		scratch_sh("for i in $(seq 0 %zu); do git -C %s rev-parse "
			   "refs/heads/c$i; done | git -C %s commit-graph "
			   "write --stdin-commits",
		    n / 2, dir, dir);
		break;
	}
}

struct scratch {
	struct scratch_history *h;
	struct repo *repo;
	struct history *history;
};

static struct scratch make(
    size_t n, unsigned seed, enum scratch_dates dates, enum graph graph)
{
	struct scratch s;

	s.h = scratch_random("r.git", n, seed, dates);
	write_graph("r.git", n, graph);
	s.repo = scratch_open("r.git");
	s.history = history_new(&unit_arena, s.repo);
	return s;
}

static void end(struct scratch *s)
{
	history_free(s->history);
	repo_close(s->repo);
}

static size_t index_of(const struct scratch_history *h, const struct oid *oid)
{
	for (size_t i = 0; i < h->n; i++)
		if (oid_eq(&h->ids[i], oid))
			return i;
	ck_abort_msg("an id of no commit");
	return 0;
}

START_TEST(is_ancestor_is_exact)
	{
		struct scratch s = make(
		    120, (unsigned)_i + 1, shapes[_i].dates, shapes[_i].graph);
		struct err err;

		for (size_t i = 0; i < s.h->n; i++)
			for (size_t j = 0; j < s.h->n; j++) {
				bool yes;

				ck_assert_int_eq(
				    history_is_ancestor(s.history, &s.h->ids[i],
					&s.h->ids[j], &yes, &err),
				    0);
				ck_assert_msg(yes == s.h->reaches[j][i],
				    "%zu %zu: %d", i, j, yes);
			}
		end(&s);
	}
END_TEST

/* A best common ancestor: common, and no other common one descends from it. */
static bool is_best(
    const struct scratch_history *h, size_t a, size_t b, size_t x)
{
	if (!h->reaches[a][x] || !h->reaches[b][x])
		return false;
	for (size_t y = 0; y < h->n; y++)
		if (y != x && h->reaches[a][y] && h->reaches[b][y] &&
		    h->reaches[y][x])
			return false;
	return true;
}

START_TEST(merge_bases_are_all_best_ones)
	{
		struct scratch s = make(
		    100, (unsigned)_i + 77, shapes[_i].dates, shapes[_i].graph);
		struct arena arena;
		struct err err;

		arena_init(&arena, ARENA_SCRATCH_MAX);
		for (size_t i = 0; i < s.h->n; i += 2)
			for (size_t j = i; j < s.h->n; j++) {
				struct oids bases;
				size_t n = 0;

				arena_reset(&arena);
				ck_assert_int_eq(
				    history_merge_bases(s.history, &arena,
					&s.h->ids[i], &s.h->ids[j], &bases,
					&err),
				    0);
				for (size_t x = 0; x < s.h->n; x++)
					if (is_best(s.h, i, j, x)) {
						n++;
						ck_assert(oids_have(
						    &bases, &s.h->ids[x]));
					}
				ck_assert_uint_eq(bases.n, n);
			}
		arena_release(&arena);
		end(&s);
	}
END_TEST

struct stops {
	const struct scratch_history *h;
	bool at[SCRATCH_COMMITS_MAX];
};

static bool stop_at(void *ctx, const struct oid *oid)
{
	const struct stops *stops = ctx;

	return stops->at[index_of(stops->h, oid)];
}

/* Stop commits hide what they reach, if a tip reaches them. */
static bool belongs(const struct scratch_history *h, size_t x,
    const size_t *tips, size_t ntips, const size_t *hide, size_t nhide,
    const struct stops *stops)
{
	bool wanted = false;

	for (size_t i = 0; i < ntips; i++)
		wanted = wanted || h->reaches[tips[i]][x];
	for (size_t i = 0; i < nhide; i++)
		if (h->reaches[hide[i]][x])
			return false;
	for (size_t y = 0; wanted && y < h->n; y++) {
		bool reached = false;

		for (size_t i = 0; i < ntips; i++)
			reached = reached || h->reaches[tips[i]][y];
		if (stops->at[y] && reached && h->reaches[y][x])
			return false;
	}
	return wanted;
}

static void check_walk(struct scratch *s, const size_t *tips, size_t ntips,
    const size_t *hide, size_t nhide, const struct stops *stops)
{
	struct oids tip_ids = { 0 }, hide_ids = { 0 }, found;
	bool seen[SCRATCH_COMMITS_MAX] = { false };
	struct arena arena;
	struct err err;
	size_t n = 0;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < ntips; i++)
		ARRAY_PUSH(&arena, &tip_ids, s->h->ids[tips[i]]);
	for (size_t i = 0; i < nhide; i++)
		ARRAY_PUSH(&arena, &hide_ids, s->h->ids[hide[i]]);
	ck_assert_msg(
	    history_walk(s->history, &arena, &tip_ids, &hide_ids, stop_at,
		(void *)(uintptr_t)stops, 1000, &found, &err) == 0,
	    "%s", err.text);
	for (size_t x = 0; x < s->h->n; x++)
		n += belongs(s->h, x, tips, ntips, hide, nhide, stops);
	ck_assert_uint_eq(found.n, n);
	for (size_t i = 0; i < found.n; i++) {
		size_t x = index_of(s->h, &found.v[i]);

		ck_assert(belongs(s->h, x, tips, ntips, hide, nhide, stops));
		ck_assert(!seen[x]);
		seen[x] = true;
		/* Parents come first. */
		for (size_t k = 0; k < s->h->nparents[x]; k++) {
			size_t p = s->h->parents[x][k];

			ck_assert(seen[p] ||
			    !belongs(s->h, p, tips, ntips, hide, nhide, stops));
		}
	}
	arena_release(&arena);
}

START_TEST(walk_finds_what_is_reachable_and_not_hidden)
	{
		unsigned seed = (unsigned)_i + 999;
		struct scratch s = make(
		    100, seed, shapes[_i].dates, shapes[_i].graph);

		for (int round = 0; round < 300; round++) {
			struct stops stops = { .h = s.h };
			size_t tips[3], hide[3];
			size_t ntips = 1 + scratch_dice(&seed, 2);
			size_t nhide = scratch_dice(&seed, 4);

			for (size_t i = 0; i < ntips; i++)
				tips[i] = scratch_dice(&seed, 100);
			for (size_t i = 0; i < nhide; i++)
				hide[i] = scratch_dice(&seed, 100);
			for (unsigned k = scratch_dice(&seed, 4); k > 0; k--)
				stops.at[scratch_dice(&seed, 100)] = true;
			check_walk(&s, tips, ntips, hide, nhide, &stops);
		}
		end(&s);
	}
END_TEST

/* The first half is a server's, the second comes with the push. */
static struct scratch make_push(unsigned seed, enum scratch_dates dates)
{
	struct scratch s;
	struct err err = { 0 };

	s.h = scratch_random("src.git", 100, seed, dates);
	scratch_sh("git init -q --bare r.git; mkdir -p q/pack; cd src.git; "
		   "for i in $(seq 0 49); do git rev-parse "
		   "refs/heads/c$i; done >../old; git pack-objects -q --revs "
		   "<../old ../r.git/objects/pack/pack >/dev/null; "
		   "(git rev-parse --all; sed 's/^/^/' ../old) | git "
		   "pack-objects -q --revs ../q/pack/pack >/dev/null");
	setenv("GIT_DIR", "r.git", 1);
	setenv("GIT_OBJECT_DIRECTORY", scratch_sh("realpath q"), 1);
	setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES",
	    scratch_sh("realpath r.git/objects"), 1);
	ck_assert_msg(
	    repo_open_hook(&unit_arena, &s.repo, &err) == 0, "%s", err.text);
	s.history = history_new(&unit_arena, s.repo);
	return s;
}

static const enum scratch_dates all_dates[] = { DATES_HONEST, DATES_EQUAL,
	DATES_RANDOM, DATES_REVERSED };

START_TEST(walk_of_a_push_is_exact)
	{
		unsigned seed = (unsigned)_i + 31;
		struct scratch s = make_push(seed, all_dates[_i]);

		for (int round = 0; round < 300; round++) {
			struct stops stops = { .h = s.h };
			size_t tips[2], hide[3];
			size_t ntips = 1 + scratch_dice(&seed, 2);
			size_t nhide = scratch_dice(&seed, 4);
			/* Mostly old ones, as a ref's old tip is. */
			unsigned below = scratch_dice(&seed, 5) ? 50 : 100;

			for (size_t i = 0; i < ntips; i++)
				tips[i] = 99 - scratch_dice(&seed, 60);
			for (size_t i = 0; i < nhide; i++)
				hide[i] = scratch_dice(&seed, below);
			for (unsigned k = scratch_dice(&seed, 3); k > 0; k--)
				stops.at[scratch_dice(&seed, below)] = true;
			check_walk(&s, tips, ntips, hide, nhide, &stops);
		}
		end(&s);
		unsetenv("GIT_DIR");
		unsetenv("GIT_OBJECT_DIRECTORY");
		unsetenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
	}
END_TEST

START_TEST(node_has_what_the_commit_says)
	{
		struct scratch s = make(60, 5, DATES_RANDOM, graphs[_i]);
		struct err err;

		for (size_t i = 0; i < s.h->n; i++) {
			struct view_node node;
			const char *line = scratch_sh(
			    "git -C r.git log -1 --format='%%T %%ct' %s",
			    oid_hex(&s.h->ids[i]).s);

			ck_assert_int_eq(history_node(s.history, &unit_arena,
					     &s.h->ids[i], &node, &err),
			    0);
			ck_assert_str_eq(
			    arena_printf(&unit_arena, "%s %lld",
				oid_hex(&node.tree).s, (long long)node.date),
			    line);
			ck_assert_uint_eq(node.parents.n, s.h->nparents[i]);
			for (size_t k = 0; k < node.parents.n; k++)
				ck_assert(oid_eq(&node.parents.v[k],
				    &s.h->ids[s.h->parents[i][k]]));
		}
		end(&s);
	}
END_TEST

START_TEST(walk_has_a_ceiling)
	{
		struct scratch s = make(40, 3, DATES_HONEST, GRAPH_NONE);
		struct oids tips = { 0 }, found;
		struct err err;
		size_t n = 0;

		for (size_t i = 0; i < s.h->n; i++)
			n += s.h->reaches[39][i];
		ARRAY_PUSH(&unit_arena, &tips, s.h->ids[39]);
		ck_assert_int_eq(history_walk(s.history, &unit_arena, &tips,
				     NULL, NULL, NULL, n, &found, &err),
		    0);
		ck_assert_uint_eq(found.n, n);
		ck_assert_int_eq(history_walk(s.history, &unit_arena, &tips,
				     NULL, NULL, NULL, n - 1, &found, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		end(&s);
	}
END_TEST

START_TEST(missing_parent_is_an_error)
	{
		struct scratch s;
		struct oid gone, tip;
		struct err err;
		bool yes;

		scratch_sh("git init -q --bare r.git; cd r.git; "
			   "t=$(git mktree </dev/null); "
			   "a=$(echo a | git commit-tree $t); "
			   "b=$(echo b | git commit-tree -p $a $t); "
			   "git update-ref refs/heads/b $b; "
			   "echo $a >a; rm -f objects/$(echo $a | "
			   "sed 's|^..|&/|')");
		s.repo = scratch_open("r.git");
		s.history = history_new(&unit_arena, s.repo);
		tip = scratch_hex(scratch_sh("cat r.git/refs/heads/b"));
		gone = scratch_hex(scratch_sh("cat r.git/a"));
		ck_assert_int_eq(
		    history_is_ancestor(s.history, &gone, &tip, &yes, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		ck_assert_str_eq(err.text,
		    arena_printf(
			&unit_arena, "commit %s is missing", oid_hex(&gone).s));
		end(&s);
	}
END_TEST

START_TEST(replace_refs_change_nothing)
	{
		struct scratch s;
		struct oid a, n;
		struct err err;
		bool yes;

		scratch_sh("git init -q --bare r.git; cd r.git; "
			   "t=$(git mktree </dev/null); "
			   "a=$(echo a | git commit-tree $t); "
			   "n=$(echo n | git commit-tree $t); "
			   "m=$(echo n | git commit-tree -p $a $t); "
			   "git update-ref refs/replace/$n $m; "
			   "git merge-base --is-ancestor $a $n; "
			   "echo $a >a; echo $n >n");
		a = scratch_hex(scratch_sh("cat r.git/a"));
		n = scratch_hex(scratch_sh("cat r.git/n"));
		s.repo = scratch_open("r.git");
		s.history = history_new(&unit_arena, s.repo);
		ck_assert_int_eq(
		    history_is_ancestor(s.history, &a, &n, &yes, &err), 0);
		ck_assert(!yes);
		end(&s);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("history");
	TCase *tcase = unit_case_in_dir(suite, "answers");

	tcase_add_loop_test(tcase, is_ancestor_is_exact, 0, COUNT(shapes));
	tcase_add_loop_test(
	    tcase, merge_bases_are_all_best_ones, 0, COUNT(shapes));
	tcase_add_loop_test(tcase, walk_finds_what_is_reachable_and_not_hidden,
	    0, COUNT(shapes));
	tcase_add_loop_test(
	    tcase, walk_of_a_push_is_exact, 0, COUNT(all_dates));
	tcase_add_loop_test(
	    tcase, node_has_what_the_commit_says, 0, COUNT(graphs));
	tcase_add_test(tcase, walk_has_a_ceiling);
	tcase_add_test(tcase, missing_parent_is_an_error);
	tcase_add_test(tcase, replace_refs_change_nothing);
	return unit_main(suite);
}
