#!/bin/sh
# The command line itself.
. "${0%/*}/lib.sh"
run() { # standard output in $out, the other in $err
	out=$("$stagegate" "$@" 2>"$tmp/err")
	rc=$?
	err=$(cat "$tmp/err")
}
cd "$tmp" || exit 1

run --help
is "$rc" 0 '--help'
help=$out
is "$err" '' 'is no error'
is "$(printf '%s\n' "$help" | awk 'length > 80' | head -n 1)" '' 'in 80 columns'
for verb in check explain status try attest promote rollback rollout log incidents kept adopt id help; do
	like "$help" "^  $verb( |$)" "--help lists $verb"
done
for code in 0 1 2 3 100; do
	like "$help" "^  $code  " "and exit code $code"
done
run help
is "$rc:$out" "0:$help" 'help is the same'
run -h
is "$rc:$out" "0:$help" 'and -h'
run --version
is "$rc" 0 '--version'
like "$out" '^stagegate [0-9]+\.[0-9]+\.[0-9]+' 'a version'
version=$out
run -V
is "$rc:$out" "0:$version" 'and -V'

verbs=$(printf '%s\n' "$help" | sed -n '/^  -/q; s/^  \([a-z][a-z]*\) .*/\1/p')
is "$([ "$(printf '%s\n' "$verbs" | wc -l)" -ge 9 ] && echo all)" all 'the verbs'
for verb in $verbs; do
	[ "$verb" = help ] && continue
	run help "$verb"
	is "$rc" 0 "help $verb"
	like "$out" "^usage: stagegate $verb( |\$)" "help $verb: how it is called"
	about=$out
	is "$(printf '%s\n' "$about" | grep -n ' $' | head -n 1)" '' "help $verb: no blank at a line's end"
	run "$verb" --help
	is "$rc:$out" "0:$about" "$verb --help is the same"
	run "$verb" --no-such-option
	is "$rc" 100 "$verb with an unknown option"
	like "$err" "'--no-such-option'" "$verb names it"
	like "$err" "^usage: stagegate $verb" "$verb: and says how it is called"
	is "$out" '' "$verb: all of it on standard error"
done

run
is "$rc" 100 'nothing at all'
is "$out" '' 'nothing on standard output'
run nosuch
is "$rc" 100 'an unknown verb'
like "$err" "'nosuch'" 'is named'
run statsu
like "$rc:$err" '^100:' 'a slip of the fingers'
run help nosuch
is "$rc" 100 'help of an unknown verb'
run "$(printf 'a\033[31mb')"
is "$rc" 100 'a verb with control bytes'
unlike "$err" "$(printf '\033')" 'which do not reach the terminal'
run --no-such-option status
is "$rc" 100 'an unknown option in front'
run -C
is "$rc" 100 '-C without a folder'
run try
is "$rc" 100 'try without a ref'
run try refs/heads/x
is "$rc" 100 'try without a commit'
run try refs/heads/x HEAD --as
is "$rc" 100 'an option without its value'
run attest
is "$rc" 100 'attest without a gate'
run attest tests
is "$rc" 100 'attest without a result'
run log a b
is "$rc" 100 'log of two refs'
run id x
is "$rc" 100 'id of something'
run check a b
is "$rc" 100 'check of two files'

for verb in explain status rollout log adopt id 'try main HEAD' 'attest tests --pass'; do
	# shellcheck disable=SC2086 # several words
	run $verb
	is "$rc" 3 "outside a repository: $verb"
	like "$err" '^error: .*no git repository' "a clear sentence: $verb"
	is "$out" '' "nothing else: $verb"
done
run -C "$tmp/nowhere" status
is "$rc" 3 'in a folder that is not there'
like "$err" '^error: .*nowhere' 'which is named'
git init -q --bare "$tmp/plain.git"
git -C "$tmp/plain.git" config stagegate.policy "$tmp/absent.yml"
run -C "$tmp/plain.git" status
is "$rc" 2 'a repository whose policy is not there'
like "$err" 'absent\.yml' 'which is named'
finish
