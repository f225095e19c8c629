# What it costs that repositories have to do with each other; run.sh reads this.
# shellcheck shell=sh
# shellcheck source=tests/bench/run.sh disable=SC2154 # its variables

# --- a policy that extends one in another repository --------------------------

bench_extends() {
	process=$tmp/process.git
	git init -q --bare "$process"
	git clone -q "$process" "$tmp/process" 2>>"$errors"
	cp "$here/../../policy/policy.yml" "$tmp/process/policy.yml"
	(
		cd "$tmp/process" && git add policy.yml &&
			git commit -q -m 'The process' && git tag v1 &&
			git push -q "$process" v1
	) 2>>"$errors" || give_up "no process"
	bare whole.git "$source" "$base" refs/heads/main
	shipped_policy whole
	begin_ledger
	bare extends.git "$source" "$base" refs/heads/main
	policy extends <<-X
		extends: $process:refs/tags/v1:policy.yml
		flow: bench
		version: 1.0.0
		status: active
	X
	begin_ledger
	compare 41 extends.git whole.git plus-1^0 refs/heads/feature/x
	judge 'the hooks alone, extends another repository : no' "$ours" "$theirs" \
		1.3 "$best"
}

# --- submodules ---------------------------------------------------------------

children_policy() { # children_policy NAME GATES
	policy "$1" <<-X
		flow: bench
		version: 1.0.0
		identity: {from: [REMOTE_USER]}
		roles: {developers: [alice]}
		children: {libs/one: $tmp/child.git}
		gates: {submodules: {kind: children, stage: development}}
		stages:
		  - name: development
		    refs: ["refs/heads/feature/**"]
		    push: [developers]
		    gates: [$2]
	X
}

# $1 files in folders of fifty, and a submodule at commit $2
many_files() {
	awk -v n="$1" -v child="$2" 'BEGIN {
		print "blob\nmark :1\ndata 2\nx\n"
		print "commit refs/heads/many"
		print "committer Alice <alice@example.com> 1700000000 +0000"
		print "data 5\nMany\n"
		for (i = 0; i < n; i++)
			printf "M 100644 :1 a%d/b%d/file%d\n", i / 1000, i / 50, i
		printf "M 160000 %s libs/one\n\n", child
	}' | git -C "$source" fast-import --quiet --force
}

# looked_for FILES BOUND: with the gate and without
looked_for() {
	many_files "$1" "$child"
	for name in "with-$1" "without-$1"; do
		bare "$name.git" "$source" "$base" refs/heads/feature/x
		children_policy "$name" \
			"$([ "$name" = "without-$1" ] || echo submodules)"
		adopt --no-objects
		capture "$name.git" "$source" refs/heads/many refs/heads/feature/y
	done
	mine=$(replayed "with-$1.git")
	other=$(replayed "without-$1.git")
	split_at_lines
	# shellcheck disable=SC2086 # lists, one a line
	measure 25 @ours $mine run "$tmp/with-$1.git/hooks/pre-receive" \
		@theirs $other run "$tmp/without-$1.git/hooks/pre-receive"
	split_at_blanks
	judge "a submodule among $1 files : not looked for" "$ours" "$theirs" \
		"$2" "$best"
}

bench_children() {
	bare child.git "$source" "$base" refs/heads/main
	children_policy child ''
	child=$(id plus-1)
	GL_USER=alice REMOTE_USER=alice git -C "$source" push -q "$S" \
		"$child:refs/heads/feature/x" 2>>"$errors" || give_up "no child"
	looked_for 100 2
	looked_for 10000 2
}
