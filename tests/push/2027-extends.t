#!/bin/sh
# A policy that extends the released version of another, which is kept in a
# repository under a flow of its own; a locked base can only be tightened.
. "${0%/*}/lib.sh"

# --- the process repository, with its own flow ------------------------------
server process
process=$S
policy process <<Y
flow: process
version: 1.0.0
status: locked
identity: {from: [REMOTE_USER]}
people: {dana: {keys: ["$(key dana)"]}}
roles: {editors: ["*"], owners: [alice, bob], release: [dana]}
gates: {approval: {kind: review, by: [owners]}}
stages:
  - {name: draft, refs: ["refs/heads/draft/*"], push: editors}
  - name: released
    refs: refs/heads/release
    push: release
    gates: [approval]
    tags: ["refs/tags/v*-process"]
    annotated_tags: [release]
Y
company() { # company VERSION [SOAK]
	cat <<Y
flow: company
version: $1
status: locked
include: [people/roles.yml]
identity: {from: [REMOTE_USER]}
gates:
  titles: {kind: message, subject: {min: 4}}
  tests: {kind: evidence, by: [ci]}
always: [titles]
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: developers}
  - {name: deployment, refs: refs/heads/main, push: release, gates: [tests], soak: ${2:-0s}, up_to_date: true}
Y
}
clone process-clone
mkdir people
echo 'roles: {developers: ["*"], release: [dana, erik], ci: [ci-bot]}' >people/roles.yml
company 1.0.0 >policy.yml
one=$(commit README 'how we work' 'the first version')
release() { # release COMMIT TAG: through the process' own flow
	push alice "$1:refs/heads/draft/next"
	evidence bob approval "$1" pass
	push dana "$1:refs/heads/release"
	accepted "the process enters its own stage: $2"
	with_key dana tag -s -f -m "$2" "$2" "$1" >/dev/null
	push dana "refs/tags/$2"
	accepted "and is released by a signed tag: $2"
}
push alice "$one:refs/heads/release"
refused push.role 'the process is not changed past its own flow'
release "$one" v1.0.0-process

# --- a product that extends it ----------------------------------------------
server product
product=$S
repository=$(basename "$process")
product_policy() { # product_policy VERSION TAG [MORE]: on what stands there
	policy product <<Y
flow: product
version: $1
extends: $process:refs/tags/$2:policy.yml
people: {alice: {emails: [alice@example.com]}}
roles: {auditors: [alice]}
gates: {audit: {kind: evidence, by: [auditors]}}
stages:
  - {name: deployment, gates: [audit]${3:-}}
Y
}
product_policy 1.0.0 v1.0.0-process
clone product-clone
c=$(commit a.txt one)
push bob "$c:refs/heads/main"
refused stage.skip 'the stages of the base are there'
push bob "$c:refs/heads/feature/x"
accepted 'its first stage takes a commit'
d=$(commit a.txt two ab)
push bob "$d:refs/heads/feature/y"
refused stage.gates 'its gates for every push count'
says "$repository:policy\.yml:9" 'and the report names file and line of the base'
push dana "$c:refs/heads/main"
refused stage.gates 'a promotion'
says 'process\.git:policy\.yml:12' 'the gate of the base is asked for'
says 'MISSING +audit +.*product\.yml:8' 'and the one that was added'
evidence ci-bot tests "$c" pass
push dana "$c:refs/heads/main"
refused stage.gates 'the gate that was added is not forgotten'
evidence alice audit "$c" pass
push dana "$c:refs/heads/main"
accepted 'with both it enters'
ledger_has '^Policy: [0-9a-f]{40} product 1\.0\.0$' 'the record names the policy'
ledger_has "^Extends: [0-9a-f]{40} $process:refs/tags/v1\.0\.0-process:policy\.yml\$" 'its base'
ledger_has "^Include: [0-9a-f]{40} $process:refs/tags/v1\.0\.0-process:policy\.yml#people/roles\.yml\$" 'and what that includes'
base=$(git -C "$process" show v1.0.0-process:policy.yml | sha256sum | cut -c1-40)
is "$(git -C "$S" show "refs/notes/stagegate:bases/$base" | sha256sum | cut -c1-40)" "$base" 'the text of the base is in the ledger'

# --- the ledger alone tells it all ------------------------------------------
verified() { # verified TEXT
	out=$("$stagegate" -C "$product" verify 2>&1)
	is "$?" 0 "$1"
}
verified 'the server verifies'
git fetch -q origin refs/notes/stagegate:refs/notes/stagegate
e=$(git checkout -q --detach "$c" && commit b.txt three)
out=$("$stagegate" try refs/heads/main "$e" --as dana 2>&1)
is "$?" 1 'try in a clone'
says 'stage\.skip' 'knows the stages of the base, from the ledger'
out=$("$stagegate" verify --remote origin 2>&1)
is "$?" 0 'a clone verifies'

# --- a new version of the process -------------------------------------------
cd "$tmp/process-clone" || exit 1
S=$process
company 1.1.0 1h >policy.yml
two=$(commit README 'how we work now' 'the second version')
release "$two" v1.1.0-process
push dana "+$two:refs/tags/v1.0.0-process"
refused tag.moved 'a released version never moves'
cd "$tmp/product-clone" || exit 1
S=$product
f=$(git checkout -q --detach "$c" && commit c.txt four)
push bob "$f:refs/heads/feature/x"
accepted 'the product stays with the version that it names'
evidence ci-bot tests "$f" pass
evidence alice audit "$f" pass
product_policy 1.0.0 v1.1.0-process
push dana "$f:refs/heads/main"
refused policy.invalid 'another base is another text, which wants a higher version'
product_policy 1.1.0 v1.1.0-process
push dana "$f:refs/heads/main"
refused stage.soak 'with one, the new process is in force'
says "process\.git:policy\.yml:12" 'and its line named'
push bob "$f:refs/heads/feature/w"
accepted 'and what it does not mind enters'
product_policy 1.2.0 v1.0.0-process
push dana "$f:refs/heads/main"
refused policy.invalid 'the process does not go back'
says 'process\.git:policy\.yml is version 1\.0\.0, but version 1\.1\.0' 'which is said'
product_policy 1.1.0 v1.1.0-process

# A tag that somebody moved on the server, past all hooks.
git -C "$process" update-ref refs/tags/v1.1.0-process "$one"
push bob "$f:refs/heads/feature/z"
refused policy.invalid 'a tag that was moved behind the hooks is found out'
git -C "$process" update-ref refs/tags/v1.1.0-process "$two"
push bob "$f:refs/heads/feature/z"
accepted 'and put back'

# --- who may not loosen -----------------------------------------------------
broken() { # broken VERSION PATTERN TEXT [MORE]: said to the administrator
	product_policy "$1" v1.1.0-process "${4:-}"
	push bob "$f:refs/heads/feature/n"
	refused policy.invalid "$3"
	out=$("$stagegate" check "$tmp/product.yml" 2>&1)
	says "$2" 'and check names both places'
}
broken 1.3.0 'product\.yml:8:[0-9]+: error: .soak. of stage .deployment. is shorter' 'a shorter soak' ', soak: 30m'
says "process\.git:policy\.yml:12:[0-9]+: note" 'that of the base too'
broken 1.3.0 "product\.yml:8:[0-9]+: error: 'rewind' of stage 'deployment'" 'what the base does not allow' ', rewind: true'
broken 1.3.0 "lets role 'developers' in" 'more people' ', push: [release, developers]'
product_policy 1.3.0 v1.1.0-process ', soak: 2h, quorum: all, push: auditors'
out=$("$stagegate" check "$tmp/product.yml" 2>&1)
says "lets role 'auditors' in" 'a role of others'
product_policy 1.3.0 v1.1.0-process ', soak: 2h, quorum: all'
push bob "$f:refs/heads/feature/n"
accepted 'tighter is taken'
out=$("$stagegate" explain --policy "$tmp/product.yml" deployment 2>&1)
says 'on all refs of development for 2 h' 'and in force'
ref_is refs/heads/feature/n "$f" 'the ref is there'

out=$("$stagegate" check --resolved "$tmp/product.yml" 2>&1)
says '^    soak: 2h +# product\.yml:8$' 'check --resolved names the origin of what the policy sets'
says '^    up_to_date: true +# process\.git:policy\.yml:12$' 'of what its base sets'
says '^  ci: +# process\.git:roles\.yml:1$' 'and of what that includes'

# --- a base that can't be had, or not be trusted ----------------------------
gone() { # gone PATTERN TEXT
	push bob "$f:refs/heads/feature/q"
	refused policy.invalid "$2"
	unlike "$out" "$1" 'the pusher is told to call the administrator, no more'
	out=$("$stagegate" check "$tmp/product.yml" 2>&1)
	says "$1" 'who is told why'
}
mv "$process" "$process.away"
gone 'no git repository|cannot open' 'a repository that is gone'
mkdir "$process"
gone 'is not a git repository|no git repository' 'a folder that is none'
rmdir "$process"
mv "$process.away" "$process"
chmod g+w "$process"
gone 'can be written by more than its owner' 'one that others may write'
chmod g-w "$process"
git -C "$process" update-ref -d refs/tags/v1.1.0-process
gone "has no 'refs/tags/v1\.1\.0-process'" 'a tag that is gone'
git -C "$process" update-ref refs/tags/v1.1.0-process "$(git -C "$tmp/process-clone" rev-parse v1.1.0-process)"
sed -i 's/:policy\.yml$/:people/' "$tmp/product.yml"
gone 'is no file' 'a folder for a file'
sed -i 's/:people$/:no-such.yml/' "$tmp/product.yml"
gone "there is no 'no-such\.yml'" 'a file that is not there'
sed -i 's/:no-such\.yml$/:policy.yml/' "$tmp/product.yml"
push bob "$f:refs/heads/feature/q"
accepted 'all in place again'

# What is in the repository counts, not what somebody's environment names.
out=$(GIT_OBJECT_DIRECTORY=$tmp GIT_NAMESPACE="" "$stagegate" check "$tmp/product.yml" 2>&1)
says 'product\.yml: ok' 'the environment names no other objects'
verified 'the server verifies, with all versions of policy and base'
finish
