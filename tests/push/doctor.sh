# What the tests of `stagegate doctor` share; sourced after lib.sh.  They look at
# $R, or $S where that is not set, with installed programs in $programs.
# shellcheck shell=sh disable=SC2034,SC2154 # what scripts use; lib.sh sets

programs=$tmp/libexec
put_programs "$programs"
printf 'AcceptEnv LANG LC_* GIT_PROTOCOL\n' >"$tmp/sshd_config"
R=

# doctor ARGS..: output in $out, exit code in $rc.  The ceiling is the test's
# own: what it ends was not given up by doctor.
doctor() {
	out=$(timeout 120 "$stagegate" doctor --programs "$programs" \
		--sshd-config "$tmp/sshd_config" "$@" 2>&1)
	rc=$?
}

init() { # init ARGS..
	said=$("$stagegate" init --programs "$programs" "$@" 2>&1) ||
		note "stagegate init $*: $said"
}

found() { # what is wrong, by the last output
	printf '%s\n' "$out" | grep -E '^(error|warning|unseen|not fixed|fixed)'
}

healthy() { # healthy TEXT
	doctor "${R:-$S}"
	is "$rc:$(found)" '0:' "$1"
}

# finds LEVEL CODE TEXT: exit code 1, and that among the findings
finds() {
	doctor "${R:-$S}"
	like "$rc $(printf '%s' "$out" | tr '\n' ' ')" "^1 .*$1: $2: " "$3"
}

# notes CODE TEXT: it is told of, and nothing is wrong
notes() {
	doctor -v "${R:-$S}"
	like "$rc $(printf '%s' "$out" | tr '\n' ' ')" "^0 .*note: $1: " "$2"
}

# unseen CODE TEXT: it is told of, and nothing else was found
unseen() {
	doctor "${R:-$S}"
	like "$rc $(printf '%s' "$out" | tr '\n' ' ')" "^3 .*unseen: $1: " "$2"
}

# mends CODE TEXT: --fix says so, and all is well afterwards
mends() {
	doctor --fix "${R:-$S}"
	like "$rc $(printf '%s' "$out" | tr '\n' ' ')" "^0 .*fixed: $1: " "$2"
	healthy "$2: ok afterwards"
}

# stays CODE TEXT: --fix does nothing about it
stays() {
	doctor --fix "${R:-$S}"
	like "$rc $(printf '%s' "$out" | grep -v '^not fixed' | tr '\n' ' ')" "^1 .*: $1: " "$2"
	unlike "$out" "^fixed: $1: " "$2: nothing is done"
}

put_copies() { # files of its own, so that spoiling one spoils no build
	for hook in pre-receive update post-receive; do
		rm -f "$S/hooks/$hook"
		cp "$programs/$hook" "$S/hooks/$hook"
	done
}

# guarded: a server with hooks of its own, and one commit, $c, in all of its
# stages
guarded() {
	server
	standard_policy
	git -C "$S" config receive.denyDeleteCurrent true
	put_copies
	clone
	c=$(commit a a)
	walk "$c" deployment
	healthy 'all is well at first'
}

# again: $R is a fresh copy of $S, to be spoilt
again() {
	R=$tmp/all/b.git
	rm -rf "$tmp/all"
	mkdir "$tmp/all"
	cp -a "$S" "$R"
}
