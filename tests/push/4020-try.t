#!/bin/sh
# `try` answers as the hooks do, changes nothing, and does so in a clone too.
# shellcheck disable=SC2016 # Perl
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment

state() { # all that a question could have changed
	git -C "$S" for-each-ref
	(cd "$S/stagegate" && find . -type f -print | sort | xargs sha1sum)
	# An empty folder for scratch files may come of it, and no more.
	find "$S/stagegate" -type f -printf '%p %m %T@\n' | sort
	find "$S/stagegate" -mindepth 1 -type d ! -path '*/stagegate/tmp' | sort
	git -C "$S" count-objects -v
}
first_code() {
	printf '%s\n' "$1" | sed -n 's/.*\[\([a-z]*\.[a-z-]*\)\].*/\1/p' | head -n 1
}
# ask USER REF NEW [..]: on the server, in $said, $asked (the exit code)
ask() {
	user=$1
	shift
	said=$("$stagegate" -C "$S" try "$@" --as "$user" 2>&1)
	asked=$?
}
# same CODE|'' USER REF NEW|- TEXT: on the server, in a clone and with a push.
# Objects reach the server without a push that hooks judge.
same() {
	code=$1
	want=$([ -z "$code" ] && echo 0 || echo 1)
	source=
	if [ "$4" != - ]; then
		source=$4
		git pack-objects --revs --stdout -q <<R | git -C "$S" unpack-objects -q
$4
R
	fi
	before=$(state)
	ask "$2" "$3" "$4"
	is "$asked:$(first_code "$said")" "$want:$code" "$5: the server, asked"
	json=$("$stagegate" -C "$S" try "$3" "$4" --as "$2" -o report=json 2>&1 |
	    perl -MJSON::PP -e 'local $/; my $d = decode_json(<STDIN>);
		print $d->{verdict}, ":", $d->{refs}[0]{code} // ""')
	is "$json" "$([ -z "$code" ] && echo accepted || echo refused):$code" "$5: in JSON"
	is "$(state)" "$before" "$5: nothing has changed"
	git fetch -q --prune origin '+refs/heads/*:refs/remotes/origin/*'
	git fetch -q origin '+refs/notes/stagegate:refs/notes/stagegate'
	mine=$(git for-each-ref)
	there=$("$stagegate" try "$3" "$4" --as "$2" 2>&1)
	is "$?:$(first_code "$there")" "$want:$code" "$5: a clone, asked"
	is "$(git for-each-ref)" "$mine" "$5: nothing has changed there"
	push "$2" --force "$source:$3"
	is "$([ "$rc" = 0 ]; echo $?):$(first_code "$out")" "$want:$code" "$5: a push"
}

c=$(commit b.txt two)
same '' alice refs/heads/feature/c "$c" 'a branch'
same stage.gates alice refs/heads/integration "$c" 'gates are missing'
attested "$c"
same push.role mallory refs/heads/integration "$c" 'somebody in no role'
same '' alice refs/heads/integration "$c" 'a promotion'
same stage.skip dana refs/heads/main "$c" 'a skipped stage'
same '' dana refs/heads/staging "$c" 'the next stage'
same '' dana refs/heads/main "$c" 'and the last'
same ref.denied alice refs/heads/elsewhere "$c" 'a ref of no stage'
same ref.reserved alice refs/replace/"$c" "$base" 'a ref that is nobody'\''s'
same stage.rewind dana refs/heads/main "$base" 'going back'
same stage.delete dana refs/heads/main - 'deleting a stage'
same '' alice refs/heads/feature/c - 'deleting a branch'
git checkout -q --detach "$c"
d=$(commit d.txt three)
git checkout -q --detach "$c"
e=$(commit e.txt four)
push alice "$d:refs/heads/feature/d" "$e:refs/heads/feature/e"
attested "$d"
attested "$e"
push alice "$d:refs/heads/integration"
accepted 'one of two'
git checkout -q --detach "$d"
git merge -q --no-ff --no-commit "$e" >/dev/null 2>&1
echo by hand >e.txt
git add e.txt
git commit -q -m 'merge by hand'
same stage.merge alice refs/heads/integration "$(git rev-parse HEAD)" 'a merge that git would not make'
m=$(merge "$d" "$e")
same '' alice refs/heads/integration "$m" 'the one it makes'

is "$(find .git/stagegate ! -type d 2>/dev/null)" '' 'questions in the clone left no file there'

ask dana refs/heads/main "$m"
like "$said" 'refused 1 of 1 ref' 'it says what the pusher would read'
is "$("$stagegate" -C "$S" try refs/heads/main "$m" --as dana 2>/dev/null)" '' 'on standard error'
like "$("$stagegate" -C "$S" try refs/heads/feature/new "$m" --as bob 2>/dev/null)" 'bob' 'who was asked for is named'
ask alice refs/heads/feature/e "$m" --old "$base"
is "$asked:$(first_code "$said")" 1:ref.moved 'what the pusher believes of the ref is wrong'
ask alice refs/heads/feature/e nosuch
is "$asked" 3 'a commit that is none'
ask alice refs/heads/feature/e "$m" "$m"
is "$asked" 100 'one argument too many'
ask alice refs/heads/feature/e
is "$asked" 100 'one too few'

# Not after a policy that can not be used.
sed -i 's/^version: .*/version: one/' "$tmp/server.yml"
before=$(state)
ask alice refs/heads/feature/z "$m"
is "$asked" 2 'a policy that is broken'
is "$(state)" "$before" 'and nothing has changed'
push alice "$m:refs/heads/feature/z"
refused policy.invalid 'as with a push'
said=$("$stagegate" try refs/heads/feature/z "$m" --as alice 2>&1)
is "$?" 0 "a clone has the ledger's, which is whole"
sed 's/^version: .*/version: 1.1.0/; s/push: \[developers\]/push: [release]/' "$tmp/server.yml" >"$tmp/draft.yml"
said=$("$stagegate" try refs/heads/feature/z "$m" --as alice --policy "$tmp/draft.yml" 2>&1)
is "$?:$(first_code "$said")" 1:push.role 'a draft is asked where it is named'
finish
