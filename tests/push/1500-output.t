#!/bin/sh
# What a pusher reads: at most 72 columns, the verdict last, at most 32 KiB, and
# no byte that a terminal would act on.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: output-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"], some-people-with-a-long-name: [bob]}
gates:
  tests: {kind: evidence, by: [some-people-with-a-long-name], help: "Run them with make check on a machine that has everything installed, then hand in what came of it."}
  a-gate-with-a-name-that-is-long: {kind: evidence, by: [some-people-with-a-long-name], matrix: [acme, globex, initech, hooli, umbrella, soylent]}
  title: {kind: message, subject: {max: 20}}
  tidy: {kind: paths, deny: ["**/*.bad"], portable: true}
stages:
  - {name: development, refs: ["refs/heads/feature/**"], push: [all], gates: [title, tidy]}
  - {name: integration, refs: ["refs/heads/integration/**"], push: [all], gates: [tests, a-gate-with-a-name-that-is-long, title, tidy]}
Y
git -C "$S" config core.precomposeUnicode false
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
accepted 'an accepted push'
unlike "$out" '^remote:' 'says nothing'

# ours: what our hooks said, without what git puts around it
ours() {
	printf '%s\n' "$out" | LC_ALL=C sed -n 's/^remote: \{0,1\}\(.*[^ ]\) *$/\1/p'
}
# fits WHAT: the three rules, of the push before
fits() {
	ours >"$tmp/said"
	is "$(perl -CSD -ne 'chomp; print "$_\n" if length > 72 && !/^hint: (\S+: )?(git|stagegate) /' "$tmp/said")" '' \
	    "$1: no line but a command is longer than 72"
	like "$(tail -n 1 "$tmp/said")" '^stagegate: output-flow 1\.0\.0 refused [0-9]+ of [0-9]+ refs?( \(.*\))?$' \
	    "$1: the verdict is the last line"
	is "$(perl -ne 'print "$.: $_" if /[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xaa-\xae]/' "$tmp/said")" '' \
	    "$1: no byte that a terminal acts on"
	is "$(perl -MEncode -0777 -ne 'print eval { decode("UTF-8", $_, 1); 1 } ? "yes" : "no"' "$tmp/said")" yes \
	    "$1: it is UTF-8"
	is "$(perl -e 'print -s shift() <= 32768 ? "yes" : "no"' "$tmp/said")" yes \
	    "$1: it is at most 32 KiB"
}

push alice "$base:refs/heads/integration/one"
refused stage.gates 'gates with much to say'
fits 'gates'
says 'hint: tests: Run them with make check on a machine' 'the help of the policy'
long=refs/heads/integration/$(printf 'a-long-name-%.0s' 1 2 3 4 5 6 7 8)/$(printf 'and-more-%.0s' 1 2 3 4 5 6 7 8)
push alice "$base:$long"
refused stage.gates 'a long name'
fits 'a long name'

# Hostile subjects, paths and names.
esc=$(printf '\033')
mkdir -p "d${esc}[31m"
printf x >"d${esc}[31m/$(printf 'a\nb\r\007\302\233m\377')".bad
printf x >"$(printf 'bidi\342\200\256x')".bad
git add -A
git commit -q -m "$(printf 'subject \033]0;owned\007 \302\233 \342\200\256 and much more than twenty')"
bad=$(git rev-parse HEAD)
push alice "$bad:refs/heads/feature/bad"
refused stage.gates 'hostile subjects and paths'
says 'FAILED +title' 'the title is too long'
says 'FAILED +tidy' 'the paths are denied'
fits 'hostile subjects and paths'
push alice "$bad:refs/heads/integration/bad"
refused stage.skip 'in the list of commits that skip'
fits 'in the list of commits'
zero=0000000000000000000000000000000000000000
git pack-objects -q --stdout </dev/null >"$tmp/empty.pack"
for name in 'refs/heads/\x1b[31mred' 'refs/heads/feature/\x1b]0;x\x07' \
    'refs/heads/feature/\xc2\x9b31m' 'refs/heads/feature/\xff\x9b31m' \
    'refs/heads/feature/a\x0db' 'refs/heads/feature/a\tb' \
    'refs/heads/feature/\xe2\x80\xaex'; do
	out=$(REMOTE_USER=alice "$tools/rawpush" "$S" "$tmp/empty.pack" "$zero $base $name" 2>&1 |
	    sed 's/^/remote: /; /^remote: report:/d; /^remote: $/d')
	like "$out" '\[ref\.' "$name is refused"
	fits "$name"
done

# Many refs, all refused.
n=0
set --
while [ $n -lt 200 ]; do
	n=$((n + 1))
	set -- "$@" "$bad:refs/heads/integration/$n"
done
push alice "$@"
is "$rc" 1 'two hundred refs are refused'
fits 'two hundred refs'
says 'refused 200 of 200 refs' 'all are counted'
push alice -o report=json "$@"
ours | grep -a '^{' >"$tmp/json"
is "$(perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>); print $j->{verdict}' <"$tmp/json")" refused \
    'as JSON it can be read'
is "$(perl -e 'print -s shift() <= 32768 ? "yes" : "no"' "$tmp/json")" yes 'and is at most 32 KiB too'
is "$(LC_ALL=C tr -d '\n -~' <"$tmp/json" | wc -c)" 0 'in ASCII'

# A merge with many paths.
git checkout -q --detach "$base"
n=0
while [ $n -lt 60 ]; do
	n=$((n + 1))
	printf x >"$(printf 'file %03d with a long name that goes on and on, as long as it takes.bad' $n)"
done
git add -A
git commit -q -m 'many'
push alice HEAD:refs/heads/feature/many
refused stage.gates 'many paths'
fits 'many paths'
is "$(refs | wc -l)" 1 'none of all this came in'
finish
