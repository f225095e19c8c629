#include "git/commitgraph.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "git/history.h"
#include "support/scratchrepo.h"
#include "support/unit.h"

static struct scratch_history *history;

static void make(size_t n)
{
	history = scratch_random("r.git", n, 8, DATES_HONEST);
}

static struct commit_graph *open_graph(void)
{
	return commit_graph_open(
	    &unit_arena, scratch_sh("realpath r.git/objects"));
}

static void check_all(struct commit_graph *graph, size_t n)
{
	ck_assert_uint_eq(commit_graph_count(graph), n);
	for (size_t i = 0; i < n; i++) {
		struct graph_commit commit;
		uint32_t at = commit_graph_find(graph, &history->ids[i]);

		ck_assert_uint_ne(at, GRAPH_NOWHERE);
		ck_assert(commit_graph_read(graph, at, &commit));
		ck_assert(oid_eq(&commit.id, &history->ids[i]));
		ck_assert_int_eq(commit.date, 1600000000 + 100 * (int)i);
		ck_assert_uint_eq(commit.nparents, history->nparents[i]);
		ck_assert_uint_gt(commit.generation, 0);
		for (size_t k = 0; k < commit.nparents; k++) {
			struct graph_commit parent;

			ck_assert(commit_graph_read(
			    graph, graph_commit_parent(&commit, k), &parent));
			ck_assert(oid_eq(
			    &parent.id, &history->ids[history->parents[i][k]]));
			ck_assert_uint_lt(parent.generation, commit.generation);
		}
	}
}

START_TEST(single_file_is_read)
	{
		struct commit_graph *graph;
		struct oid other = { { 7 } };

		make(200);
		scratch_sh("git -C r.git commit-graph write --reachable "
			   "--changed-paths");
		graph = open_graph();
		check_all(graph, 200);
		ck_assert_uint_eq(
		    commit_graph_find(graph, &other), GRAPH_NOWHERE);
		memset(other.b, 0xff, sizeof(other.b));
		ck_assert_uint_eq(
		    commit_graph_find(graph, &other), GRAPH_NOWHERE);
		commit_graph_close(graph);
	}
END_TEST

static void write_chain(size_t n, size_t parts)
{
	for (size_t i = 1; i <= parts; i++)
		scratch_sh("for i in $(seq 0 %zu); do git -C r.git rev-parse "
			   "refs/heads/c$i; done | git -C r.git commit-graph "
			   "write --stdin-commits --split=no-merge",
		    n * i / parts - 1);
	ck_assert_str_eq(scratch_sh("wc -l <r.git/objects/info/commit-graphs/"
				    "commit-graph-chain"),
	    arena_printf(&unit_arena, "%zu", parts));
}

START_TEST(chain_is_read)
	{
		struct commit_graph *graph;

		make(200);
		write_chain(200, 5);
		graph = open_graph();
		check_all(graph, 200);
		commit_graph_close(graph);
	}
END_TEST

START_TEST(chain_without_its_newest_file_still_holds)
	{
		struct commit_graph *graph;

		make(100);
		write_chain(100, 4);
		scratch_sh("cd r.git/objects/info/commit-graphs; rm -f "
			   "graph-$(tail -1 commit-graph-chain).graph");
		graph = open_graph();
		check_all(graph, 75);
		commit_graph_close(graph);
		scratch_sh("cd r.git/objects/info/commit-graphs; rm -f "
			   "graph-$(head -1 commit-graph-chain).graph");
		ck_assert_ptr_null(open_graph());
	}
END_TEST

START_TEST(alternates_graph_is_read)
	{
		struct commit_graph *graph;

		make(60);
		scratch_sh("git -C r.git commit-graph write --reachable; "
			   "mv r.git pool.git; git init -q --bare r.git; "
			   "echo ../../pool.git/objects "
			   ">r.git/objects/info/alternates");
		graph = open_graph();
		check_all(graph, 60);
		commit_graph_close(graph);
	}
END_TEST

START_TEST(no_graph_is_none)
	{
		make(3);
		ck_assert_ptr_null(open_graph());
		commit_graph_close(NULL);
	}
END_TEST

static char *read_graph(size_t *ret_len)
{
	char *bytes = arena_alloc(&unit_arena, 1 << 20);
	int fd = open("r.git/objects/info/commit-graph", O_RDONLY);
	ssize_t n = read(fd, bytes, 1 << 20);

	close(fd);
	ck_assert_int_gt(n, 0);
	*ret_len = (size_t)n;
	return bytes;
}

static void write_damaged(const char *bytes, size_t len)
{
	int fd;

	unlink("r.git/objects/info/commit-graph");
	fd = open("r.git/objects/info/commit-graph", O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void read_everything(void)
{
	struct commit_graph *graph = open_graph();

	for (uint32_t at = 0; graph && at < commit_graph_count(graph); at++) {
		struct graph_commit commit;

		if (!commit_graph_read(graph, at, &commit))
			continue;
		for (size_t k = 0; k < commit.nparents; k++)
			ck_assert_uint_lt(graph_commit_parent(&commit, k),
			    commit_graph_count(graph));
	}
	for (size_t i = 0; graph && i < history->n; i++)
		commit_graph_find(graph, &history->ids[i]);
	commit_graph_close(graph);
}

START_TEST(damage_is_survived)
	{
		size_t len;
		char *bytes;
		unsigned seed = 5;

		make(40);
		scratch_sh("git -C r.git commit-graph write --reachable");
		bytes = read_graph(&len);
		for (size_t i = 0; i < 400; i++) {
			size_t at = scratch_dice(&seed, 3)
			    ? scratch_dice(&seed, 120)
			    : scratch_dice(&seed, (unsigned)len);
			char was = bytes[at];

			bytes[at] = (char)scratch_dice(&seed, 256);
			write_damaged(bytes, len);
			read_everything();
			bytes[at] = was;
		}
		for (size_t cut = 0; cut < len; cut += 1 + len / 97) {
			write_damaged(bytes, cut);
			read_everything();
		}
	}
END_TEST

START_TEST(damaged_positions_are_as_if_there_were_no_graph)
	{
		size_t len, at;
		char *bytes;
		struct repo *repo;
		struct history *answers;

		make(60);
		scratch_sh("git -C r.git commit-graph write --reachable");
		bytes = read_graph(&len);
		/* Every parent beyond the end: the chunk CDAT, 36 bytes each.
		 */
		at = (size_t)((const char *)memmem(bytes, 120, "CDAT", 4) -
		    bytes);
		at = (size_t)(unsigned char)bytes[at + 10] << 8 |
		    (unsigned char)bytes[at + 11];
		for (size_t i = 0; i < 60; i++)
			memset(bytes + at + 36 * i + 20, 0x11, 4);
		write_damaged(bytes, len);
		repo = scratch_open("r.git");
		answers = history_new(&unit_arena, repo);
		for (size_t i = 0; i < 60; i++)
			for (size_t k = 0; k < 60; k++) {
				struct err err = { 0 };
				bool yes;

				ck_assert_msg(
				    history_is_ancestor(answers,
					&history->ids[i], &history->ids[k],
					&yes, &err) == 0,
				    "%s", err.text);
				ck_assert(yes == history->reaches[k][i]);
			}
		history_free(answers);
		repo_close(repo);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("commitgraph");
	TCase *tcase = unit_case_in_dir(suite, "commitgraph");

	tcase_add_test(tcase, single_file_is_read);
	tcase_add_test(tcase, chain_is_read);
	tcase_add_test(tcase, chain_without_its_newest_file_still_holds);
	tcase_add_test(tcase, alternates_graph_is_read);
	tcase_add_test(tcase, no_graph_is_none);
	tcase_add_test(tcase, damage_is_survived);
	tcase_add_test(tcase, damaged_positions_are_as_if_there_were_no_graph);
	return unit_main(suite);
}
