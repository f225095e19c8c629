#!/bin/sh
# stagegate kept: what a server keeps, brought back, and let go.
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
kept() { # what is kept, as git says it
	git -C "$S" for-each-ref --format='%(refname)' refs/stagegate/kept
}
server
standard_policy
# Squashes into integration, rewinds of staging, deletions of both.
sed -e 's,^    refs: \[refs/heads/\(staging\|integration\)\]$,&\n    rewind: true\n    delete: true,' \
    -e 's,^    gates: \[tests.*,&\n    accept: [fast-forward\, squash],' \
    -e 's,^    up_to_date: true,    gates: [],' "$tmp/server.yml" >"$tmp/new.yml"
policy <"$tmp/new.yml"
clone
K=refs/stagegate/kept/refs/heads

ask -C "$S" kept
like "$rc:$out" '^0:hint: nothing is kept' 'a new repository keeps nothing'
base=$(commit a.txt one)
walk "$base" deployment
ask -C "$S" kept
like "$rc:$out" '^0:hint: nothing is kept' 'nor one where things only went on'
ask -C "$S" kept --json
is "$rc:$out" '0:{"v":1,"kept":[]}' 'as JSON'

b=$(commit b.txt two 'The second thing')
walk "$b" testing
push dana "+$base:refs/heads/staging"
accepted 'staging is rewound'
git checkout -q --detach "$b"
c=$(commit c.txt three 'Work on the third')
walk "$c" development
attested "$c"
c=$(git rev-parse "$c")
s=$(git commit-tree -p "$b" -m "The third thing

Promotes: $c" "$c^{tree}")
push alice "$s:refs/heads/integration"
accepted 'a squash'
push alice :refs/heads/integration
accepted 'integration is deleted'

ask -C "$S" kept
is "$rc" 0 'the list'
like "$out" '^refs/heads/integration$' 'by ref'
b8=$(printf '%.8s' "$b") c8=$(printf '%.8s' "$c") s8=$(printf '%.8s' "$s")
like "$out" "^  $b8 left 20..-..-.. ..:.. UTC, rewind by dana: The second" 'what was rewound from'
like "$out" "^  $c8 squashed 20..-..-.. ..:.. UTC by alice: Work on the" 'what was squashed'
like "$out" "^  $s8 left 20..-..-.. ..:.. UTC, delete by alice: The third" 'what was deleted'
ask -C "$S" kept staging
like "$out" "$b8" 'of one ref'
unlike "$out" "$c8|$s8" 'and no other'
ask -C "$S" kept refs/heads/none
like "$rc:$out" '^0:hint: nothing is kept of refs/heads/none' 'of a ref that left nothing'
ask -C "$S" kept --json
is "$(json 'join ",", map { "$_->{ref} $_->{how} $_->{by} $_->{commit}" } sort { $a->{how} cmp $b->{how} } @{$d->{kept}}')" \
    "refs/heads/integration delete alice $s,refs/heads/staging rewind dana $b,refs/heads/integration squash alice $c" \
    'as JSON'
is "$(json 'join ",", map { $_->{subject} } grep { $_->{how} eq "squash" } @{$d->{kept}}')" 'Work on the third' 'with subjects'
at=$(git -C "$S" log --format=%ct --grep='refs/heads/staging testing rewind' refs/notes/stagegate)
is "$(json '+(map { $_->{since} } grep { $_->{how} eq "rewind" } @{$d->{kept}})[0]')" \
    "$(date -u -d "@$at" +%Y-%m-%dT%H:%M:%SZ)" 'since the ledger says so'
git -C "$S" pack-refs --all
before=$out
ask -C "$S" kept --json
is "$out" "$before" 'packed refs are no others'

# A tip that is entered again is the present one.
push dana "$b:refs/heads/staging"
accepted 'what was rewound from enters again'
ask -C "$S" kept staging
like "$out" "$b8 is the present tip" 'and is kept'
push dana "+$base:refs/heads/staging"
accepted 'and is left again'
is "$(kept | grep -c staging)" 1 'kept once'

# In a clone.
mkdir "$tmp/other" && git clone -q "$S" "$tmp/other/c" 2>/dev/null
ask -C "$tmp/other/c" kept
like "$rc:$out" '^3:.*clone without' 'a clone without the ledger'
git -C "$tmp/other/c" fetch -q origin refs/notes/stagegate:refs/notes/stagegate
ask -C "$tmp/other/c" kept
like "$rc:$out" "^0:hint: kept tips are the server's" 'a clone is told where they are'
fetch=$(printf '%s' "$out" | sed -n "s/^hint: git fetch origin '\\(.*\\)'/\\1/p")
git -C "$tmp/other/c" fetch -q origin "$fetch"
ask -C "$tmp/other/c" kept
like "$out" "^  $b8 left .* rewind by dana" 'and can fetch them'
for how in "--restore $b" '--expire 0s' '--expire 0s --dry-run'; do
	# shellcheck disable=SC2086 # words
	ask -C "$tmp/other/c" kept $how
	like "$rc:$out" "^3:.*the server's" "not in a clone: $how"
done

# Bringing one back.
ask -C "$S" kept --restore "$b8"
is "$rc" 0 'one comes back'
ref_is "refs/heads/restored/$b8" "$b" 'as a branch'
like "$out" "made refs/heads/restored/$b8" 'which is named'
like "$out" "stagegate status $b8" 'with what to do next'
ask -C "$S" kept --restore "$b"
like "$rc:$out" '^1:.*exists' 'not over a branch that is there'
ask -C "$S" kept --restore "$b" --as again --json
out=$(printf '%s' "$out" | grep '^{')
is "$rc:$(json '$d->{made}')" '0:refs/heads/again' 'under another name, as JSON'
ask -C "$S" kept --restore "$s" --as feature/third
like "$rc:$out" '^0:made refs/heads/feature/third' 'in the entry stage'
like "$out" 'unobserved' 'where nobody judged it'
git fetch -q origin refs/heads/feature/third
git checkout -q --detach FETCH_HEAD
d=$(commit d.txt four)
push alice "$d:refs/heads/feature/third"
accepted 'which is in nobody'"'"'s way'
refs_before=$(refs)
ask -C "$S" kept --restore "$base"
like "$rc:$out" '^1:.*is not kept' 'what is not kept is not made'
ask -C "$S" kept --restore 1234567812345678123456781234567812345678
like "$rc:$out" '^1:.*is not kept' 'nor what is not there'
ask -C "$S" kept --restore "$b^{tree}"
is "$rc" 3 'nor what is no commit'
git -C "$S" update-ref -d refs/heads/integration
for name in main integration refs/heads/main refs/heads/Main refs/heads/main/x refs/heads/stagıng \
    HEAD refs/tags/v1 refs/stagegate/kept/x refs/notes/stagegate refs/evidence/x/y "$b" \
    refs/heads/refs/heads/x 'a b' 'a..b' a.lock '' "$(printf 'x\033[31m')" "$(printf 'x\xe2\x80\xae')" "@{-1}" \
    refs/replace/x refs/heads; do
	ask -C "$S" kept --restore "$b" --as "$name"
	like "$rc:$out" "^1:.*can't be made" "not as '$(printf '%s' "$name" | tr -d '\033')'"
done
ask -C "$S" kept --restore "$b" --as again/below
like "$rc:$out" "^3:.*can't be made beside" 'nor below a branch'
is "$(refs)" "$refs_before" 'no ref was made'

# Wrong words.
for words in '--as x' '--dry-run' "--restore $b --expire 1d" "main --restore $b" '--expire' '--expire x' \
    '--expire 30' '--expire -1d' 'main staging'; do
	# shellcheck disable=SC2086 # words
	ask -C "$S" kept $words
	is "$rc" 100 "wrong usage: $words"
done
is "$(refs)" "$refs_before" 'nothing was changed'

# Letting go.
entries() {
	git -C "$S" rev-list --count refs/notes/stagegate
}
me=$(id -un)
ask -C "$S" kept --expire 1d
like "$rc:$out" '^0:0 tips expired, 0 held back, 3 left more recently$' 'nothing is old enough'
kept_before=$(kept)
entries_before=$(entries)
ask -C "$S" kept --expire 0s --dry-run
is "$rc" 0 'what would go'
like "$out" "^would expire refs/heads/staging $b8: left 20" 'is told'
like "$out" '^3 tips would expire, 0 held back, 0 left more' 'and counted'
is "$(kept):$(entries)" "$kept_before:$entries_before" 'and nothing goes'
ask -C "$S" kept --expire 0s integration --dry-run --json
is "$(json 'join ",", $d->{dry_run} ? 1 : 0, sort map { $_->{how} } @{$d->{expired}}')" '1,delete,squash' 'of one ref, as JSON'
sed 's/^version: .*/version: one/' "$tmp/server.yml" >"$tmp/broken.yml"
cp "$tmp/server.yml" "$tmp/good.yml"
policy <"$tmp/broken.yml"
ask -C "$S" kept --expire 0s
is "$rc" 2 'not under a policy that is broken'
sed 's/^flow: .*/flow: other/' "$tmp/good.yml" | policy
ask -C "$S" kept --expire 0s
is "$rc:$(kept)" "2:$kept_before" 'nor under one that may not follow'
policy <"$tmp/good.yml"

push dana "$b:refs/heads/staging"
accepted 'staging has that tip again'
git -C "$S" update-ref "$K/nobody/$b" "$b"
git -C "$S" update-ref "$K/nobody/$c" "$b"
ask -C "$S" kept
like "$out" "$K/nobody/$c8 is( |.)*not at the commit" 'what is no kept tip is warned of'
like "$out" "$b8 not recorded when" 'and what nobody recorded is told'
ask -C "$S" kept --expire 0s staging
like "$rc:$out" "^0:held refs/heads/staging $b8: it is the present tip" 'the present tip is held'
is "$(kept | grep -c staging)" 1 'and stays'
entries_before=$(entries)
git -C "$S" pack-refs --all
mkdir -p "$S/$K/integration"
touch "$S/$K/integration/$s.lock"
ask -C "$S" kept --expire 0s integration
like "$rc:$(echo "$out" | tr '\n' ' ')" '^3:.*the ledger says already' 'what can not be removed is told'
ledger_has "^Expired: $s refs/heads/integration\$" 'it was recorded before'
is "$(kept | grep -c "$s")" 1 'and is there'
rm "$S/$K/integration/$s.lock"
ask -C "$S" kept --expire 0s
is "$rc" 0 'the next one lets go'
like "$out" "^expired refs/heads/integration $s8: left 20.* by alice" 'of that'
like "$out" "^held refs/heads/nobody $b8: nothing is recorded" 'what nobody recorded is held'
like "$out" '^held refs/heads/staging' 'with the present tip'
is "$(kept)" "$(printf '%s\n' "$K/nobody/$b" "$K/nobody/$c" "$K/staging/$b" | sort)" 'the others are gone'
ledger_has "^Expired: $c refs/heads/integration\$" 'it is recorded'
ledger_has "^Pusher: $me\$" 'with who did it'
ledger_lacks "^Expired: $b " 'and nothing that is held'
ask -C "$S" kept --expire 0s
like "$rc:$out" '0 tips expired, 2 held back, 0 left' 'then there is nothing'
entries_before=$(entries)
ask -C "$S" kept --expire 0s
is "$(entries)" "$entries_before" 'and nothing is recorded'
push alice :refs/heads/feature/third
push alice ":refs/heads/feature/walk-$(git rev-parse --short "$c")"
git -C "$S" gc -q --prune=now
git -C "$S" cat-file -e "$b"
ok $? 'what is held survives git gc'
! git -C "$S" cat-file -e "$s" 2>/dev/null
ok $? 'what was let go does not'
finish
