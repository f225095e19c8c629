#!/bin/sh
# A repository with history of its own, taken under the hooks.
# shellcheck disable=SC2016 # Perl
. "${0%/*}/lib.sh"
ask() {
	out=$("$stagegate" "$@" 2>&1)
	rc=$?
}
json() { # json EXPRESSION, with $out in $d
	printf '%s' "$out" | perl -MJSON::PP -e \
	    'local $/; my $d = decode_json(<STDIN>); print '"$1"
}
# unhooked ARGS..: a push as it was before there were hooks
unhooked() {
	mv "$S/hooks" "$S/no-hooks"
	git push -q origin "$@" 2>/dev/null || note "the push without hooks failed: $*"
	mv "$S/no-hooks" "$S/hooks"
}
server
git -C "$S" config receive.fsckObjects false
standard_policy
clone
base=$(commit a.txt one)
c=$(commit b.txt two)
unhooked "$base:refs/heads/main" "$base:refs/heads/staging" "$c:refs/heads/integration" \
    "$c:refs/heads/feature/c" "$base:refs/heads/old"
ref_is refs/heads/main "$base" 'there is history'

push dana "$c:refs/heads/staging"
refused stage.unobserved 'a tip that nobody recorded has been through nothing'
says 'stagegate adopt|administrator' 'who can help'
ref_is refs/heads/staging "$base" 'staging did not move'
ask -C "$S" status
like "$out" 'main .*unobserved' 'status says so'
refs_before=$(refs)
ask -C "$S" adopt refs/heads/staging
is "$rc" 0 'one ref'
like "$out" '1 ref adopted' 'counted'
ledger_has "^Update: .*$base refs/heads/staging .* adopted\$" 'recorded'
ledger_lacks '^Update: .* refs/heads/(main|integration) .* adopted$' 'and no other'
push dana "$c:refs/heads/staging"
refused stage.skip 'where it comes from is not adopted yet'
ask -C "$S" adopt
is "$rc" 0 'all that is left'
like "$out" '3 refs adopted' 'counted'
is "$(refs)" "$refs_before" 'no ref was moved'
ask -C "$S" adopt
like "$rc:$out" '^0:.*0 refs adopted' 'a second time there is nothing'
ask -C "$S" adopt refs/heads/main
like "$rc:$out" 'recorded already' 'nor where it is named'
count_before=$(git -C "$S" rev-list --count refs/notes/stagegate)
ask -C "$S" adopt --json
is "$rc" 0 'as JSON'
is "$(json 'ref $d')" HASH 'which parses'
is "$(git -C "$S" rev-list --count refs/notes/stagegate)" "$count_before" 'nothing new in the ledger'
ask -C "$S" status
like "$out" 'main .*adopted' 'status says so'
push dana "$c:refs/heads/staging"
accepted 'a promotion'
push dana "$c:refs/heads/main"
accepted 'and the next'
ask -C "$S" log refs/heads/integration
like "$out" 'adopted' 'the log says how'

ask -C "$S" adopt refs/heads/old
is "$rc" 3 'a ref of no stage'
like "$out" 'belongs to no stage' 'and why'
ask -C "$S" adopt refs/heads/feature/none
is "$rc" 3 'a ref that is not there'

# Behind the hooks' back.
git checkout -q --detach "$c"
d=$(commit d.txt three)
git -C "$S" fetch -q "$C" "$d"
git -C "$S" update-ref refs/heads/main "$d"
e=$(commit e.txt four)
push alice "$e:refs/heads/feature/e"
attested "$e"
push alice "$e:refs/heads/integration"
push dana "$e:refs/heads/staging"
accepted 'elsewhere work goes on'
push dana "$e:refs/heads/main"
refused stage.unobserved 'a stage that moved by itself stands still'
ask -C "$S" adopt main
like "$rc:$out" '^0:1 ref adopted|1 ref adopted' 'until it is adopted'
push dana "$e:refs/heads/main"
accepted 'and moves again'

# What was let in before, and is refused today.
printf 'tree %s\nparent %s\nauthor Alice <alice@example.com> 1700000000 +0000\ncommitter Alice <alice@example.com> 1700000000 +0000\n\nseen\n\ngpgsig nothing\n' \
    "$(git rev-parse 'HEAD^{tree}')" "$e" >"$tmp/object"
bad=$(git hash-object -t commit -w --literally "$tmp/object")
git checkout -q --detach "$bad"
f=$(commit f.txt five)
push alice "$f:refs/heads/feature/f"
refused object.malformed 'a malformed commit is refused'
unhooked "$f:refs/heads/feature/f"
ask -C "$S" adopt refs/heads/feature/f
is "$rc" 0 'but taken as it is'
like "$out" "$(printf '%.8s' "$bad")" 'and named'
like "$out" 'gpgsig' 'with what is wrong'
unhooked "$f:refs/heads/feature/g"
ask -C "$S" adopt refs/heads/feature/g --no-objects
is "$rc" 0 'without looking'
unlike "$out" "$(printf '%.8s' "$bad")" 'nothing is named'

# Not with a policy that can not be used, and not in a clone.
sed 's/^version: .*/version: one/' "$tmp/server.yml" | policy
unhooked "$base:refs/heads/feature/h"
ask -C "$S" adopt
is "$rc" 2 'a policy that is broken'
standard_policy
ask adopt
is "$([ "$rc" = 0 ] && git rev-parse -q --verify refs/notes/stagegate)" '' 'a clone adopts nothing'
verified= # feature/h is where nobody recorded it
finish
