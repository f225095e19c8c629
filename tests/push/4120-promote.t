#!/bin/sh
# `promote` makes the right move of a stage's ref, whatever that is.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: promote-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
roles:
  developers: [alice]
  release: [dana]
clients:
  acme: {}
  globex: {}
gates:
  described: {kind: message, of: merges, body: {sections: ["What:", "Testing:"]}}
  tests: {kind: evidence, by: [developers]}
  tidy: {kind: command, run: [test, -e, a.txt]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [developers]}
  - {name: integration, refs: [refs/heads/integration], push: [developers], accept: [merge], gates: [described]}
  - {name: testing, refs: [refs/heads/staging], push: [developers], gates: [tests, tidy]}
  - {name: deployment, refs: [refs/heads/main], push: [release]}
  - {name: general, clients: [acme, globex], push: [release]}
  - {name: kept, refs: [refs/heads/kept], from: [development], push: [developers]}
  - {name: squashed, refs: [refs/heads/squashed], from: [development], push: [developers], accept: [squash]}
  - {name: straight, refs: ["refs/heads/straight/*"], from: [development], push: [developers], accept: [fast-forward]}
Y
clone
short() {
	git rev-parse --short=8 "$1"
}
# promote USER ARGS..: $out (both streams), $rc
promote() {
	user=$1
	shift
	out=$(REMOTE_USER=$user "$stagegate" promote "$@" 2>&1)
	rc=$?
}
command_of() { # the command that was printed
	printf '%s\n' "$out" | grep '^git push '
}
fetch() {
	git fetch -q origin '+refs/heads/*:refs/remotes/origin/*' '+refs/notes/stagegate:refs/notes/stagegate'
}

a=$(commit a.txt one)
git branch topic
promote alice integration
is "$rc" 3 'a clone without the ledger'
says 'git fetch origin refs/notes/stagegate:refs/notes/stagegate' 'is told what to fetch'
push alice "$a:refs/heads/feature/a"

# --- a ref that is not there yet: the candidate itself ---
promote alice integration --push origin
is "$rc" 0 'the first of a stage'
ref_is refs/heads/integration "$a" 'is the candidate itself'
says 'refs/heads/integration \(integration\): a new ref' 'which is said'
says "of +$(short "$a") change a.txt" 'and of what'
says 'promote-flow 1.0.0 would accept this from alice' 'and what the hooks answer'
promote alice integration --push origin
is "$rc" 0 'what is there already'
says "refs/heads/integration \(integration\) holds $(short "$a") already" 'which is said too'

# --- the judgement comes first ---
promote alice testing --push origin
is "$rc" 1 'what would be refused'
says '\[stage\.gates\]' 'is not pushed, and the report says why'
ref_is refs/heads/staging '' 'nothing is there'
unlike "$out" 'MISSING +tidy|^git push' 'what a program says is left to the server'
evidence alice tests "$a" pass
promote alice testing --offline --push origin
is "$rc" 1 'the statement is not known here yet'
promote alice testing --push origin
is "$rc" 0 'but to who fetches, which is what happens else'
says 'not-applicable +tidy +its program runs on the server' 'no program is run here'
ref_is refs/heads/staging "$a" 'there it is'
promote alice main --push origin
is "$rc" 1 'somebody who may not'
says '\[push\.role\]' 'is told'
says 'hint: .*--as USER' 'and how to ask for another'
promote dana main --dry-run
is "$rc" 0 '--dry-run'
ref_is refs/heads/main '' 'pushes nothing'
is "$(command_of)" "git push origin $a:refs/heads/main" 'it prints the command'
promote alice deployment --as dana --dry-run
is "$rc" 0 'asked for another, a stage by its name'
promote dana refs/heads/main origin/staging --push origin
is "$rc" 0 'a whole ref, and a commit as git knows it'
ref_is refs/heads/main "$a" 'main has it'

# --- a stage that takes merges alone ---
git checkout -q -B topic "$a"
b=$(commit b.txt two 'a second change')
push alice "$b:refs/heads/feature/b"
fetch
promote alice integration
is "$rc" 100 'which of two'
says 'hint: stagegate promote integration feature/a' 'they are named'
says 'hint: stagegate promote integration feature/b' 'both'
promote alice integration feature/b
is "$rc" 1 'a merge that wants describing'
says "^refs/heads/integration \(integration\): a merge" 'is one'
says "onto +$(short "$a") change a.txt" 'onto the tip'
says '\[stage\.gates\]' 'and refused by its gate'
promote alice integration feature/b -m 'What: a second change' -m "Testing: by hand; it's \"fine\""
is "$rc" 0 'described'
command=$(command_of)
m=$(printf '%s\n' "$command" | sed 's/.* \([0-9a-f]*\):.*/\1/')
is "$command" "git push origin $m:refs/heads/integration" 'its command is printed'
says "made +$(short "$m") Promote $(short "$b") to integration \(integration\)" 'it is named'
ref_is refs/heads/integration "$a" 'not pushed yet'
out=$(REMOTE_USER=alice sh -c "$command" 2>&1)
rc=$?
accepted 'the command does it'
is "$(git rev-parse "$m^1" "$m^2" "$m^{tree}")" "$(git rev-parse "$a" "$b" "$b^{tree}")" 'it is the merge of both with the tree of the candidate'
is "$(git log -1 --format=%B "$m")" "Promote $(short "$b") to integration (integration)

a second change

What: a second change

Testing: by hand; it's \"fine\"" 'and its message'
fetch
evidence alice tests "$m" pass
promote alice staging --push origin
is "$rc" 0 'a fast-forward goes on as it is'
says 'staging \(testing\): a fast-forward' 'and is called one'
ref_is refs/heads/staging "$m" 'the merge is the candidate'

# --- merges that git computes: renames, settings and attributes of the clone ---
git checkout -q -B left "$a"
mkdir d
seq 1 20 >d/one
seq 21 40 >d/two
c=$(commit d/three x)
push alice "$c:refs/heads/feature/c" "$c:refs/heads/kept"
git mv d/one d/uno
git commit -q -m 'rename a file'
left=$(git rev-parse HEAD)
git checkout -q -B right "$c"
sed -i 's/^7$/seven/' d/one
d=$(commit d/new y)
push alice "$left:refs/heads/feature/left" "$d:refs/heads/feature/right"
promote alice kept feature/left --push origin
is "$rc" 0 'one side renames'
git config merge.renames false
git config merge.conflictStyle diff3
git config i18n.commitEncoding ISO-8859-1
echo '* -merge' >>.git/info/attributes
git status --porcelain >"$tmp/status"
promote alice kept feature/right --push origin
is "$rc" 0 'the other changes, and the clone has settings of its own'
git config --unset merge.renames
git config --unset merge.conflictStyle
git config --unset i18n.commitEncoding
rm .git/info/attributes
merged=$(git -C "$S" rev-parse refs/heads/kept)
is "$(git rev-parse "$merged^1" "$merged^2")" "$left
$d" 'a merge of both'
is "$(git cat-file -p "$merged:d/uno" | sed -n 7p)" seven 'the change follows the file'
is "$(git rev-parse "$merged^{tree}")" "$(git merge-tree --write-tree "$left" "$d")" 'git makes the same'
is "$(git status --porcelain)" "$(cat "$tmp/status")" 'the work tree is as it was'
is "$(git symbolic-ref --short HEAD)" right 'and so is what is checked out'
is "$(find .git/stagegate ! -type d 2>/dev/null)" '' 'no file is left in the clone'
is "$(git fsck --full 2>&1 | grep -v dangling)" '' 'which is whole'

# --- a conflict ---
git checkout -q -B clash "$c"
sed -i 's/^7$/another/' d/one
clash=$(commit d/clash z)
push alice "$clash:refs/heads/feature/clash"
promote alice kept feature/clash --push origin
is "$rc" 1 'a conflict'
says '\[stage\.merge\]' 'is told by the judge'
says '^ +d/uno' 'with the path'
says 'merge .* into a branch of development' 'and where to resolve it'
ref_is refs/heads/kept "$merged" 'nothing was pushed'
git checkout -q "$clash"
git merge -q -m resolved "$merged" >/dev/null 2>&1
git checkout -q --theirs . 2>/dev/null
git add -A
git commit -q -m 'resolved on a branch'
r=$(git rev-parse HEAD)
push alice "$r:refs/heads/feature/clash"
promote alice kept feature/clash --push origin
is "$rc" 0 'resolved there'
ref_is refs/heads/kept "$r" 'it is a fast-forward'
other=$(git commit-tree -m other "$a^{tree}" </dev/null)
push alice "$other:refs/heads/feature/other"
promote alice kept feature/other --push origin
is "$rc" 1 'a history of its own'
says 'shares no commit' 'is told'

# --- squashes ---
promote alice squashed feature/a --push origin
is "$rc" 0 'a new ref takes the candidate, whatever the stage accepts'
git checkout -q -B many "$a"
commit m1.txt 1 >/dev/null
n=$(commit m2.txt 2 'many commits')
push alice "$n:refs/heads/feature/many"
promote alice squashed feature/many -m 'Reviewed-by: bob' --push origin
is "$rc" 0 'a squash'
s=$(git -C "$S" rev-parse refs/heads/squashed)
is "$(git rev-list "$a..$s" | wc -l)" 1 'is one commit'
is "$(git rev-parse "$s^{tree}")" "$(git rev-parse "$n^{tree}")" 'with the tree'
is "$(git log -1 --format='%(trailers)' "$s")" "Reviewed-by: bob
Promotes: $n" 'its trailer stands with the others'
promote alice squashed feature/many --push origin
is "$rc" 0 'once more'
says "holds $(short "$n") already" 'it is there'
git checkout -q -B more "$a"
o=$(commit m3.txt 3)
push alice "$o:refs/heads/feature/more"
printf 'A subject of my own\n\nand a body\n\n\n' >"$tmp/message"
promote alice squashed feature/more -F "$tmp/message" --push origin
is "$rc" 0 'a squash that is merged, with a message of its own'
s=$(git -C "$S" rev-parse refs/heads/squashed)
is "$(git log -1 --format=%B "$s")" "A subject of my own

and a body

Promotes: $o" 'which it has'
is "$(git cat-file -e "$s:m2.txt" && git cat-file -p "$s:m3.txt")" 3 'both changes are in it'

# --- only fast-forwards, and several refs ---
promote alice straight feature/a
is "$rc" 100 'a stage without a ref'
says 'which one of refs/heads/straight/\*' 'is asked which one to make'
promote alice straight feature/a --ref straight/one --push origin
is "$rc" 0 'that one'
ref_is refs/heads/straight/one "$a" 'is made'
promote alice straight feature/many --push origin
is "$rc" 0 'then it is the only one'
promote alice straight/two feature/more --push origin
is "$rc" 0 'a second by its name'
promote alice straight feature/b
is "$rc" 100 'now one has to say which'
says 'hint: stagegate promote straight/one' 'of these'
promote alice straight feature/more --ref straight/one --push origin
is "$rc" 1 'what does not contain the tip'
says '\[stage\.rewind\]' 'is refused where no merge is taken'
promote dana general main
is "$rc" 100 'clients'
says 'hint: stagegate promote clients/globex' 'are named before they have a ref'
promote dana clients/acme --push origin
is "$rc" 0 'one of them'
ref_is refs/heads/clients/acme "$a" 'gets what main has'

# --- what is not meant ---
promote alice development feature/a
is "$rc" 100 'an entry stage'
says 'where changes begin' 'is pushed to'
promote alice nosuch
is "$rc" 100 'neither a stage nor a ref'
says 'integration, testing' 'stages are named'
promote alice testing --ref main
is "$rc" 100 'a ref of another stage'
promote alice kept nosuch
is "$rc" 3 'a commit that is none'
promote alice kept feature/b -m text -F file
is "$rc" 100 'two messages'
promote alice kept feature/b --push nosuch
is "$rc" 3 'a remote that is none'
says "no remote 'nosuch'" 'says so'
git remote add broken "$tmp/nowhere"
promote alice kept feature/b --push broken
is "$rc" 3 'one that can not be fetched'
says 'could not be fetched' 'says so'
git branch -f feature/a "$n"
promote alice kept feature/a --dry-run
says "hint: 'feature/a' is $(short "$n") here and $(short "$a") on the server" 'a branch that is elsewhere'

# --- on the road ---
git checkout -q -B p "$a"
p=$(commit p.txt p)
push alice "$p:refs/heads/feature/p"
promote alice kept "$p"
is "$rc" 1 'a clone that is behind'
says '^hint: this goes by what was fetched before; --dry-run' 'says what might help'
fetch
mkdir -p deep/er
cd deep/er || exit 1
promote alice kept "$p"
is "$rc" 0 'from a folder below'
cd "$tmp" || exit 1
promote alice -C "$C" kept "$p"
is "$rc" 0 'with -C'
says "^git -C $C push origin [0-9a-f]{40}:refs/heads/kept\$" 'which the command has'
cd "$C" || exit 1
git remote rename origin upstream 2>/dev/null
promote alice kept "$p" --push upstream
is "$rc" 0 'another remote'
git remote rename upstream origin 2>/dev/null
git worktree add -q "$tmp/tree" "$p" 2>/dev/null
(cd "$tmp/tree" && REMOTE_USER=alice "$stagegate" promote kept "$p") >"$tmp/out" 2>&1
is "$?" 0 'a linked work tree'
like "$(cat "$tmp/out")" 'already' 'knows the same'
unset out
out=$(GIT_COMMITTER_EMAIL=nobody@example.com "$stagegate" promote main staging 2>&1)
is "$?" 0 'somebody whom the policy does not know'
says 'would accept this from dana' 'is asked for somebody who may'
out=$(GIT_COMMITTER_EMAIL=nobody@example.com "$stagegate" promote main feature/b 2>&1)
is "$?" 1 'a refusal'
says 'this is for dana, --as' 'says for whom'
out=$("$stagegate" promote main staging 2>&1)
is "$?" 1 'somebody whom git knows'
says 'alice may not push to stage deployment' 'by the e-mail address'

# --- on the server itself ---
out=$(REMOTE_USER=dana "$stagegate" -C "$S" promote clients/globex main --push . 2>&1)
is "$?" 0 'an administrator, in the bare repository'
ref_is refs/heads/clients/globex "$a" 'through the hooks'
ledger_has "Update: 0{40} $a refs/heads/clients/globex general create accepted" 'which recorded it'

# --- signed, options, and a tip that moved behind the clone's back ---
git config gpg.format ssh
git config user.signingKey "$tmp/keys/alice"
key alice >/dev/null
git config commit.gpgSign true
git checkout -q -B q "$a"
q=$(git -c commit.gpgSign=false commit -q --allow-empty -m q && git rev-parse HEAD)
push alice "$q:refs/heads/feature/q"
promote alice kept feature/q --push origin -o report=json
is "$rc" 0 'with a push option'
git cat-file -p "$(git -C "$S" rev-parse refs/heads/kept)" >"$tmp/commit"
like "$(cat "$tmp/commit")" '^gpgsig ' 'signed as git is set up'
git config commit.gpgSign false
fetch
git checkout -q -B w "$a"
w=$(commit w.txt w)
push alice "$w:refs/heads/feature/w"
git fetch -q origin
promote alice kept feature/w
is "$rc" 1 'branches that are newer than the ledger'
promote alice kept feature/w -o "it's an option"
fetch
promote alice kept feature/w -o "it's an option"
like "$(command_of)" "^git push -o 'it'\\\\''s an option' origin" 'an option is quoted'
finish
