#!/bin/sh
# What administrators ask before anybody pushes: check and explain.
# shellcheck disable=SC2016 # Perl
. "${0%/*}/lib.sh"
server
standard_policy
clone

ask() { # ask ARGS..: $out of both streams, $rc
	out=$("$stagegate" "$@" 2>&1)
	rc=$?
}
json() { # json EXPRESSION: of $d, the standard output of the last `data`
	printf '%s' "$data" | perl -MJSON::PP -e \
	    'local $/; my $d = decode_json(<STDIN>); print '"$1"
}
data() { # data ARGS..: standard output alone
	data=$("$stagegate" "$@" 2>"$tmp/err")
	rc=$?
}

ask check "$tmp/server.yml"
is "$rc:$out" '0:server.yml: ok' 'a good file'
ask -C "$S" check
is "$rc:$out" '0:server.yml: ok' "the repository's own, where no file is named"
data check --json "$tmp/server.yml"
is "$rc" 0 'as JSON'
is "$(json '"$d->{v} $d->{file} ", $d->{valid} ? "valid" : "invalid"')" '1 server.yml valid' 'which says so'
is "$(cat "$tmp/err")" '' 'and nothing beside it'

sed -e 's/by: \[ci\]/by: [cii]/' -e 's/  release: \[dana\]/  releese: [dana]/' \
    "$tmp/server.yml" >"$tmp/wrong.yml"
line=$(grep -n 'by: \[cii\]' "$tmp/wrong.yml" | cut -d: -f1)
ask check "$tmp/wrong.yml"
is "$rc" 2 'a wrong file'
like "$out" "^wrong\.yml:$line:32: error: .*'cii'" 'the place: file, line and column'
is "$(printf '%s\n' "$out" | sed -n "/^wrong.yml:$line:/{n;p;n;p;}")" \
    "  tests: {kind: evidence, by: [cii]}
                               ^" 'the line, and a caret under the place'
like "$out" "did you mean 'ci'" 'the nearest known name'
is "$(printf '%s\n' "$out" | grep -c "unknown role 'release'")" 2 'every mistake, not only the first'
like "$out" '^wrong\.yml: 3 errors$' 'counted'
data check --json "$tmp/wrong.yml"
is "$rc" 2 'the exit code with --json too'
is "$(json '"$d->{errors} $d->{diagnostics}[0]{line}:$d->{diagnostics}[0]{column} $d->{diagnostics}[0]{severity}"')" \
    "3 $line:32 error" 'the same as JSON'
sed 's/^status: active/statsu: active/' "$tmp/server.yml" >"$tmp/wrong.yml"
ask check "$tmp/wrong.yml"
is "$rc" 2 'a key that is none'
like "$out" "^wrong\.yml:3:1: error: .*'statsu'.*'status'" 'where, and which was meant'
printf 'flow: [\n' >"$tmp/wrong.yml"
ask check "$tmp/wrong.yml"
is "$rc" 2 'no YAML at all'
like "$out" '^wrong\.yml:[0-9]+:[0-9]+: error: ' 'with a place'

cp "$tmp/server.yml" "$tmp/group.yml"
chmod 664 "$tmp/group.yml"
ask check "$tmp/group.yml"
is "$rc" 2 'a file that the group may write'
like "$out" 'writable by group or others' 'and why'
data check --json "$tmp/group.yml"
is "$rc:$(json '$d->{valid} ? "valid" : "invalid"')" '2:invalid' 'as JSON'
ask check "$tmp/nowhere.yml"
is "$rc" 2 'no such file'
like "$out" 'nowhere\.yml.*No such file' 'is named'
ask check "$tmp"
is "$rc" 2 'a directory'
mkfifo "$tmp/fifo.yml"
ask check "$tmp/fifo.yml"
is "$rc" 2 'a pipe, without waiting for a writer'

standard_policy 'notify:
  - {on: [entered, rolled-back], stages: [deployment], mail: [team@example.com],
    webhook: "https://ci.example/x?token=1", exec: [deploy, production]}'
ask -C "$S" explain
is "$rc" 0 'explain'
for stage in development integration testing deployment; do
	like "$out" "^[1-4]\. $stage: refs/heads/" "explain names $stage"
done
like "$out" 'tests .*1 from @ci' 'and the gates'
is "$(printf '%s\n' "$out" | awk 'length > 80' | head -n 1)" '' 'in 80 columns'
like "$out" '^   Told of entered and rolled-back in deployment: team@example.com,' 'who is told'
like "$(printf '%s\n' "$out" | tr -s ' \n' ' ')" 'team@example.com, https://ci.example and program deploy\.' 'by what, and no more of an address'
unlike "$out" 'token' 'which may hold a secret'
ask -C "$S" explain testing
is "$rc" 0 'one stage'
like "$out" '^3\. testing: refs/heads/staging' 'which is explained'
like "$out" 'comes here from integration' 'where a commit must come from'
unlike "$out" '^[124]\. ' 'and no other'
ask -C "$S" explain refs/heads/main
is "$rc" 0 'the stage of a ref'
like "$out" '^4\. deployment: ' 'which is explained'
unlike "$out" '^[123]\. ' 'and no other'
ask -C "$S" explain refs/heads/feature/x
like "$rc:$out" '1\. development' 'a ref that is not there belongs to a stage too'
ask -C "$S" explain nosuch
is "$rc" 100 'neither stage nor ref'
ask explain --policy "$tmp/server.yml" testing
is "$rc" 0 'a draft, in a clone'
ask -C "$S" explain --policy "$tmp/wrong.yml"
is "$rc" 2 'a draft that is wrong'
like "$out" '^(error: )?wrong\.yml:[0-9]+:[0-9]+: error: ' 'with the place'

data -C "$S" explain --dot
is "$rc" 0 'for Graphviz'
is "$(printf '%s' "$data" | tr -dc '{' | wc -c)" "$(printf '%s' "$data" | tr -dc '}' | wc -c)" 'braces balance'
is "$(($(printf '%s' "$data" | tr -dc '"' | wc -c) % 2))" 0 'and quotes'
dot=$data
data -C "$S" explain --mermaid
is "$rc" 0 'for Mermaid'
like "$data" '^(flowchart|graph) ' 'it begins as a chart does'
for stage in development integration testing deployment; do
	like "$dot" "\"$stage" "--dot names $stage"
	like "$data" "\"$stage" "--mermaid names $stage"
done
is "$(printf '%s\n' "$dot" | grep -c -e '->')" 3 'three ways in the one'
is "$(printf '%s\n' "$data" | grep -c -e '-->')" 3 'and in the other'
ask -C "$S" explain --dot --mermaid
is "$rc" 100 'not both'
data -C "$S" explain --json
is "$rc:$(json 'join " ", map { $_->{name} } @{$d->{stages}}')" \
    '0:development integration testing deployment' 'the stages as JSON'
is "$(json 'join " ", map { "$_->{name}/$_->{kind}" } @{$d->{stages}[1]{gates}}')" \
    'tests/evidence peer-review/review' 'and the gates'
data -C "$S" explain --json testing
is "$(json 'join " ", map { $_->{name} } @{$d->{stages}}')" testing 'one stage as JSON'

# Going back and going around.
ask -C "$S" explain
like "$out" '^   Nobody may roll back\.' 'a policy without a way back says so'
like "$out" '^   Nobody may go around a gate\.' 'and one without a way around'
data -C "$S" explain --json
is "$(json 'exists $d->{rollback} && !defined $d->{rollback} && exists $d->{bypass} && !defined $d->{bypass} ? "null" : "?"')" \
    null 'null as JSON'
standard_policy
cat >>"$tmp/server.yml" <<'Y'
rollback: {by: [release], window: 14d, rewind: true, then: [tests]}
bypass: {by: [developers, release], stages: [testing], gates: [soak, tests], approvals: 2}
Y
ask explain --policy "$tmp/server.yml"
is "$rc" 0 'with both'
is "$(printf '%s\n' "$out" | awk 'length > 80' | head -n 1)" '' 'in 80 columns'
flat=$(printf '%s' "$out" | tr -s ' \n' ' ')
like "$flat" 'Rolled back by @release, whatever .* within 14 d .*files or by moving the ref back to it\.' 'who goes back, how far and how'
like "$flat" 'until the commit that was left passes, .*: tests somebody vouches for it: 1 from @ci' 'and what is asked for then'
like "$flat" 'To enter testing, @developers or @release may go around tests and soak, with 2 approvals by others of them; never around the order' 'who goes around what'
like "$flat" 'An incident is recorded; nothing has to wait\.' 'after which nothing is asked for'
ask explain --policy "$tmp/server.yml" deployment
like "$out" 'never move back, save in a rollback, and are' 'which may move a ref back'
like "$out" 'Rolled back by @release' 'one stage can be rolled back'
like "$out" 'Nobody may go around a gate' 'but not be entered otherwise'
ask explain --policy "$tmp/server.yml" development
unlike "$out" '[Rr]oll(ed)? back' 'where changes begin there is nothing to roll back'
sed -i -e 's/, rewind: true, then: \[tests\]/, then: []/' -e 's/approvals: 2/approvals: 0/' "$tmp/server.yml"
ask explain --policy "$tmp/server.yml"
flat=$(printf '%s' "$out" | tr -s ' \n' ' ')
like "$flat" 'by a commit with its files\. An incident is recorded' 'only by a commit'
like "$flat" 'tests and soak, alone; never' 'and without approvals'
data explain --json --policy "$tmp/server.yml"
is "$(json '"@{$d->{rollback}{by}} $d->{rollback}{window_s} ", $d->{rollback}{rewind} ? "rewind" : "revert", scalar @{$d->{rollback}{then}}')" \
    'release 1209600 revert0' 'a rollback as JSON'
is "$(json 'join "/", map({ "@$_" } @{$d->{bypass}}{qw(by stages gates)}), $d->{bypass}{approvals}')" \
    'developers release/testing/tests soak/0' 'a bypass as JSON'

# Names from a policy that a picture must not trip over.
standard_policy 'other_refs: allow'
sed -i 's/^flow: .*/flow: "a \\"quoted\\" {flow}"/' "$tmp/server.yml"
ask check "$tmp/server.yml"
if [ "$rc" = 0 ]; then
	data -C "$S" explain --dot
	is "$(($(printf '%s' "$data" | sed 's/\\"//g' | tr -dc '"' | wc -c) % 2))" 0 'quotes are escaped'
else
	is "$rc" 2 'a flow is not named so'
fi
# What --resolved prints is a policy that means the same.
cd "$here/../.." || exit 1
for file in policy/policy.yml policy/reference.yml policy/examples/*.yml tests/policy/610-extends.yml; do
	"$stagegate" check --resolved "$file" >"$tmp/resolved.yml" 2>/dev/null
	is "$("$stagegate" check --resolved "$tmp/resolved.yml" 2>/dev/null | sed 's/ *# [^ ]*$//')" \
		"$(sed 's/ *# [^ ]*$//' "$tmp/resolved.yml")" "$file resolved says the same once more"
	is "$("$stagegate" explain --policy "$tmp/resolved.yml" | sed 's/([a-z-]*\.yml:[0-9]*)//')" \
		"$("$stagegate" explain --policy "$file" | sed 's/([a-z-]*\.yml:[0-9]*)//')" 'and is explained in the same words'
done
finish
