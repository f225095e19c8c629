#!/bin/sh
# stagegate diff: what one policy allows that another does not.
. "${0%/*}/lib.sh"

cat >"$tmp/old.yml" <<'Y'
flow: f
version: 1.0.0
roles: {dev: [alice, bob], release: [dana], all: ["*"]}
gates:
  performance: {kind: evidence, by: [dev], count: 2}
  names: {kind: paths, deny: ["*.exe"]}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: dev}
  - {name: testing, refs: [refs/heads/staging], push: dev, gates: [names]}
  - name: deployment
    refs: [refs/heads/main]
    push: release
    gates: [performance]
    soak: 24h
Y

differ() { # differ SED: the new policy is the old one, changed so
	sed "$1" "$tmp/old.yml" >"$tmp/new.yml"
	out=$("$stagegate" diff "$tmp/old.yml" "$tmp/new.yml" 2>&1)
	rc=$?
}

differ ''
is "$rc:$out" 0: 'the same policy is not different'
differ 's/soak: 24h/soak: 12h/'
is "$rc" 1 'less soak allows more'
says 'soak of deployment is 12h, was 24h \(old.yml:14, new.yml:14\)' 'it says what, and both places'
says 'allows what the old refused' 'and which way'
differ 's/soak: 24h/soak: 2d/'
is "$rc" 0 'more soak allows nothing more'
says 'refuses what the old allowed' 'it says so'
differ 's/release: \[dana\]/release: [dana, bob]/'
is "$rc" 1 'one more in a role'
says 'bob may push to deployment \(not in the old one, new.yml:12\)' 'is one more who may push'
differ 's/release: \[dana\]/release: [erin]/'
says 'dana may push to deployment no more' 'one who may not'
says 'erin may push to deployment' 'and one who may'
differ 's/push: release/push: all/'
says 'anyone may push to deployment' 'anyone'
unlike "$out" 'dana may push' 'those who could still can'
differ 's/gates: \[performance\]/gates: []/; /performance:/d'
is "$rc" 1 'a gate that nobody asks for'
says "deployment asks for 'performance' no more" 'it says so'
differ 's/soak: 24h/from: [development]/'
is "$rc" 1 'another way in'
says 'deployment may be entered from development' 'it says so'
differ 's/count: 2/count: 1/'
says "count of gate 'performance' is 1, was 2" 'a key of a gate'
differ 's/count: 2/count: 2, enforce: warn/'
is "$rc" 1 'a gate that only warns'
differ 's/"\*\.exe"/"*.dll"/'
is "$rc" 1 'what cannot be told may allow more'
says 'may allow what the old refused' 'it says so'

# A smaller role may ask for less, and a hold may let others go on.
sed -i 's/deny: \["\*.exe"\]/&, when: {authors: [dev]}/
/^roles/i clients: {acme: {ref: refs/heads/client/acme}}
/^roles/i people: {bob: {emails: [bob@x.example]}}' "$tmp/old.yml"
differ ''
is "$rc:$out" 0: 'who wrote it, a client, an e-mail: the same is not different'
differ 's/dev: \[alice, bob\]/dev: [alice]/'
is "$rc" 1 'fewer authors of whom a gate asks'
says "bob's commits are asked for gate 'names' no more" 'it says so'
differ 's/, when: {authors: \[dev\]}//'
is "$rc" 0 'a gate that asks everyone'
differ 's/authors: \[dev\]/authors: [all]/'
is "$rc" 0 'or all who are known'
differ 's/bob@x/bobby@x/'
is "$rc" 1 'another e-mail: other commits are his own'
differ 's|client/acme}|client/acme, hold: moving}|'
is "$rc" 1 'a client that is held is not waited for'

differ 's/version: 1.0.0/version: 1.1.0/'
is "$rc" 0 'another version allows nothing more'
says 'the version is 1.1.0, was 1.0.0' 'it is told all the same'
differ 's/push: release/push: nobody/'
is "$rc" 2 'a policy that is wrong'
says "new.yml:14:11: error:" 'its mistake is shown'
sed 's/soak: 24h/soak: 12h/' "$tmp/old.yml" >"$tmp/new.yml"
is "$("$stagegate" diff --json "$tmp/old.yml" "$tmp/new.yml" |
    jq -c '[.v, (.looser | length), .looser[0].old.line, .tighter]')" \
    '[1,1,16,[]]' 'as JSON'

# Every key of the reference: what is changed in it is told.
reference=$here/../../policy/reference.yml
mkdir "$tmp/examples" # which it extends one of
cp "$here"/../../policy/examples/*.yml "$tmp/examples"
untold=
told=0
perl -ne 'next unless /^( *(?:- )?[a-z_]+: )(.+)$/; my ($k, $v) = ($1, $2);
	my %other = (true => "false", false => "true", block => "warn",
		active => "draft", commit => "tree", deny => "allow", all => 1);
	if (defined $other{$v}) { $v = $other{$v} }
	elsif ($v =~ /^[0-9]+[a-zA-Z%]*$/) { $v =~ s/^([0-9]+)/$1 + 1/e }
	elsif ($v =~ /^\[.*, (.*?)\]$/) { $v =~ s/, [^,]*\]$/]/ }
	elsif ($v =~ /^[a-z ]+$/) { $v .= "x" }
	else { next }
	print "$.s|.*|$k$v|\n"' "$reference" >"$tmp/edits"
while read -r edit; do
	sed "$(printf '%s' "$edit" | sed 's/[&]/\\&/g')" "$reference" >"$tmp/new.yml"
	"$stagegate" check "$tmp/new.yml" >/dev/null 2>&1
	[ "$?" = 2 ] && continue
	cmp -s "$tmp/new.yml" "$reference" && continue
	told=$((told + 1))
	[ -n "$("$stagegate" diff "$reference" "$tmp/new.yml" 2>/dev/null)" ] ||
		untold="$untold
$edit"
done <"$tmp/edits"
is "$untold" '' 'each change to the reference is told'
ok "$([ "$told" -ge 60 ]; echo $?)" "of many: $told"

finish
