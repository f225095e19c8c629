#!/bin/sh
# secrets on real pushes: wherever a credential hides, and never shown.  None
# stands in this file: each is put together here.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: secrets-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
roles: {all: ["*"]}
gates:
  no-secrets:
    kind: secrets
    allow: ["fixtures/**"]
    rules: {acme-key: {match: '\bacme_[0-9a-f]{16}\b', keywords: acme_}}
always: [no-secrets]
stages:
  - name: development
    refs: ["refs/heads/feature/*"]
    push: [all]
    rewind: true
  - {name: integration, refs: [refs/heads/integration], push: [all]}
other_refs: allow
Y
clone
start='1a2B3c4D5e6F7g8H9i0J'
token=gh''p_${start}1k2L3m4N5o6P7q8R
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
accepted 'nothing in it'
push alice "$base:refs/heads/integration"

# On a new commit of what was just made; from $base again afterwards.
n=0
bad() { # bad FINDING TEXT
	n=$((n + 1))
	push alice "HEAD:refs/heads/feature/bad-$n"
	refused stage.gates "$2"
	says "$1" '.. which is told'
	unlike "$out" "$start" '.. and never shown'
	git checkout -q --detach "$base"
}
good() {
	n=$((n + 1))
	push alice "HEAD:refs/heads/feature/good-$n"
	accepted "$1"
	git checkout -q --detach "$base"
}

id=$(commit conf/app.env "NAME=x
TOKEN=$token")
bad "$(echo "$id" | cut -c-8) conf/app.env:2 github-token ghp_\*\*\*\*" 'a token in a file'
id=$(commit b.txt "$token")
git rm -q b.txt
git commit -q -m 'take it away again'
bad "$(echo "$id" | cut -c-8) b.txt:1 github-token" 'a token that the next commit takes away'
commit b.txt acme_0123456789abcdef >/dev/null
bad 'b.txt:1 acme-key acme\*\*\*\*' 'a rule of the policy'
commit b.txt b "change b

see $token" >/dev/null
bad '\(message\):3 github-token' 'a message'
git cat-file commit "$base" >raw
sed "s/^committer.*/&\\nx-note $token/" raw >raw.new
git checkout -q --detach "$(git hash-object -t commit -w --stdin <raw.new)"
rm raw raw.new
bad '\(header\):1 github-token' 'a header that nobody sees'
GIT_AUTHOR_NAME=$token commit b.txt b >/dev/null
bad '\(author\):1 github-token' 'an author'
commit "dir/$token/b.txt" b >/dev/null
bad 'dir/ghp_\*\*\*\*/b.txt:name github-token' 'a name'
ln -s "https://x:$token@github.com/a/b" link
git add link
git commit -q -m 'a link'
bad 'link:1 github-token' 'the target of a link'
printf '\0\1\2\n%s\n' "$token" >data.bin
git add data.bin
git commit -q -m 'binary'
bad 'data.bin:2 github-token' 'a file that looks binary'
for code in UTF-16 UTF-16LE UTF-16BE; do
	printf 'first\nkey = %s\n' "$token" | iconv -t "$code" >wide.txt
	git add wide.txt
	git commit -q -m "$code"
	bad 'wide.txt:2 github-token' "a file in $code"
done
echo '*.txt binary -diff' >.gitattributes
commit b.txt "$token" >/dev/null
bad 'b.txt:1 github-token' 'attributes hide nothing'
seq 100000 | sed "70000s/.*/$token/" >large.txt
git add large.txt
git commit -q -m 'large'
bad 'large.txt:70000 github-token' 'a large file'
openssl genrsa -out key.pem 2048 2>/dev/null || ssh-keygen -q -t rsa -m PEM -N '' -f key.pem
git add -A
git commit -q -m 'key'
bad 'key.pem:1 pem-private-key' 'a key that openssl has made'
ssh-keygen -q -t ed25519 -N '' -f id_ed25519
git add -A
git commit -q -m 'key'
bad 'id_ed25519:1 openssh-private-key' 'a key that ssh-keygen has made'
head -c 33554433 /dev/zero >huge.bin
git add -A
git commit -q -m 'huge'
bad 'huge.bin is too large to be searched: more than 32 MiB' 'a file that is too large'

# a merge that adds what neither side has
left=$(commit left.txt left)
git checkout -q --detach "$base"
commit right.txt right >/dev/null
right=$(git rev-parse HEAD)
git merge -q --no-commit --no-ff "$left" 2>/dev/null
echo "$token" >evil.txt
git add evil.txt
git commit -q -m 'merge'
push alice "$left:refs/heads/feature/left" "$right:refs/heads/feature/right"
accepted 'two branches'
push alice HEAD:refs/heads/feature/right
refused stage.gates 'a merge that adds it'
says 'evil.txt:1 github-token' '.. which is told'
git checkout -q --detach "$base"

# annotated tags, notes, refs of no stage
git tag -a -m "release

with $token" v1 "$base"
push alice refs/tags/v1
refused ref.gates "a tag's message"
says "$(git rev-parse --short=8 v1) \(tag\):3 github-token" '.. which is told'
git tag -a -m 'fine' v2 "$base"
push alice refs/tags/v2
accepted 'a tag without'
git notes add -m "$token" "$base"
push alice refs/notes/commits
refused ref.gates 'a note'
unlike "$out" "$start" '.. never shown'
commit b.txt "$token" >/dev/null
push alice HEAD:refs/heads/wip
refused ref.gates 'a ref of no stage'
push alice -o report=json HEAD:refs/heads/wip
says '"state":"failed"' 'in JSON too'
unlike "$out" "$start" '.. never shown'
git checkout -q --detach "$base"

# what passes
mkdir fixtures
commit fixtures/x "$token" >/dev/null
good 'a path that is allowed'
example=$(printf '%s%s' AK IAIOSFODNN7EXAMPLE)
url=postgres'://user:password@localhost/db'
commit b.txt "TOKEN=\${GITHUB_TOKEN}
key $example
url $url
password = \"changeme\"" >/dev/null
good 'placeholders'
commit b.txt "$token # stagegate:allow-secret github-token" >/dev/null
bad 'b.txt:1 github-token' 'a comment alone allows nothing'

# what is let through must not wear the search out before the one that counts
many() { # many TAIL: lines with a token each, all different
	awk -v head="gh""p_" -v tail="$1" 'BEGIN { for (i = 0; i < 300; i++)
		printf "%s9Z8y7X6w5V4u3T2s1R0q%016dK3%s\n", head, i, tail }'
}
mkdir -p fixtures src
many '' >fixtures/many
git add fixtures
git commit -q -m 'fixtures'
push alice HEAD:refs/heads/feature/fixtures
accepted 'many in a path that is allowed'
git mv fixtures/many src/many
git commit -q -m 'move'
bad 'src/many:1 github-token' 'moved to where they are not'
git checkout -q --detach "$(git -C "$S" rev-parse refs/heads/feature/fixtures)"
mkdir -p src
git mv fixtures/many src/many
echo "$token" >>src/many
git commit -qa -m 'move, and one more'
bad 'src/many:[0-9]+ github-token' 'moved, and one more'

# with a line of old that the policy of then let in
policy <<'Y'
flow: secrets-flow
version: 1.1.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
gates:
  no-secrets: {kind: secrets, inline_allow: true}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], gates: [no-secrets]}
  - {name: integration, refs: [refs/heads/integration], push: [all]}
other_refs: allow
Y
commit b.txt "$token # stagegate:allow-secret github-token" >/dev/null
push alice HEAD:refs/heads/feature/allowed
accepted 'a comment that the policy heeds'
many ' # stagegate:allow-secret github-token' >lots
echo "$token" >>lots
git add lots
git commit -q -m 'many'
push alice HEAD:refs/heads/feature/many
refused stage.gates 'many that are allowed, and one that is not'
says 'lots holds 100 places like a credential' 'which is told'
git checkout -q --detach HEAD~1
commit old.txt "$token" >/dev/null
old=$(git rev-parse HEAD)
push alice HEAD:refs/heads/wip
accepted 'a ref without the gate'
push alice HEAD:refs/heads/feature/allowed
refused stage.gates 'having been somewhere is no pass'
git checkout -q --detach "$old"
cp old.txt new.txt
git rm -q old.txt
git add new.txt
git commit -q -m 'move it'
push alice "$old~1:refs/heads/feature/x" >/dev/null
git -C "$S" cat-file -e "$old" || note 'the token is on wip'
push alice HEAD:refs/heads/feature/allowed
refused stage.gates 'nor is being renamed, when the first name is new too'
says "old.txt:1 github-token" 'which is told once'
unlike "$out" 'new.txt' 'and not for the new name'
ledger_lacks "$start" 'nothing of it is in the ledger'
finish
