#!/bin/sh
# Man pages, completion, the package and the tarball, from the programs that are
# built; tests/hosts/0900-reproducible.t builds them anew.
. "${0%/*}/lib.sh"
top=$(cd "$here/../.." && pwd)
cd "$tmp" || exit 1
unset SOURCE_DATE_EPOCH

# --- man pages ----------------------------------------------------------------

pages='stagegate.1 stagegate-policy.5 stagegate-hooks.7'
mkdir man
for page in $pages; do
	sh "$top/hooks/man/page.sh" "$top/hooks/man/$page.in" "$stagegate" >"man/$page"
	ok $? "$page is made"
	is "$(mandoc -T lint -W warning "man/$page" 2>&1)" '' 'mandoc finds nothing'
	mandoc -T ascii -O width=200 "man/$page" | col -bx >"man/$page.txt"
done
verbs=$("$stagegate" help | sed -n 's/^  \([a-z]*\)  *[^ ].*/\1/p')
like "$(printf '%s' "$verbs" | tr '\n' ' ')" '^init check .* rollback .* id help' 'the verbs'
flat=$(tr -s ' \n' ' ' <man/stagegate.1.txt)
missing=
for verb in $verbs; do
	[ "$verb" != help ] || continue
	grep -q "^ *$verb\$" man/stagegate.1.txt || missing="$missing $verb"
	# Each row of options as it is shown, and each paragraph, as one line.
	"$stagegate" help "$verb" | sed 1d | awk '
		/^  -/ || /^$/ { printf "\n" }
		/^  -/ { sub(/   .*/, "") }
		/^          / { next }
		{ printf "%s ", $0 }' | tr -s ' ' |
		sed 's/^ //; s/ $//; /^usage/d; /^$/d' >rows
	while IFS= read -r row; do
		case $flat in
		*"$row"*) ;;
		*) missing="$missing [$verb: $row]" ;;
		esac
	done <rows
done
is "$missing" '' 'stagegate(1) has every verb, its text and its options'

like "$(cat man/stagegate-policy.5.txt)" '^     stages:' 'stagegate-policy(5) has keys'
missing=
while IFS= read -r row; do
	grep -Fqx -e "     $row" man/stagegate-policy.5.txt || missing="$missing [$row]"
done <<X
$(sed '/^$/d' "$top/policy/reference.yml")
X
is "$missing" '' 'all that reference.yml has, whose keys are compared with the loader'

known=$(grep -rhoi 'stagegate\.[a-z]*' "$top/lib" --include='*.c' |
	sed -n 's/^stagegate\.//p' | tr '[:upper:]' '[:lower:]' | sort -u |
	grep -Fxv -e yml)
told=$(sed -n 's/^\.It Va stagegate\.//p' man/stagegate-hooks.7 | tr '[:upper:]' '[:lower:]' | sort)
is "$told" "$known" 'stagegate-hooks(7) has every setting that is read'

# --- completion ---------------------------------------------------------------

server
standard_policy
git -C "$S" update-ref refs/heads/main \
    "$(git -C "$S" commit-tree -m one "$(git -C "$S" mktree </dev/null)")"
mkdir bin
ln -s "$stagegate" bin/stagegate
# offered WORD..: what bash offers for the last one
offered() {
	# shellcheck disable=SC2016 # bash's own
	PATH=$tmp/bin:$PATH bash -c '
		. "$0"
		complete -p stagegate | grep -q -e "-F _stagegate " || exit 1
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
		_stagegate "$1" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
		echo "${COMPREPLY[*]}"
	' "$top/hooks/completion/stagegate.bash" "$@"
}
is "$(offered stagegate '')" "$(printf '%s' "$verbs" | tr '\n' ' ')" 'every verb'
is "$(offered stagegate -C "$S" ro)" 'rollback rollout' 'by its beginning, behind options'
is "$(offered stagegate attest --re)" '--revoke --remote --report --repository' 'the options of a verb'
is "$(offered stagegate attest --nothing)" '' 'and nothing else'
is "$(offered stagegate -C "$S" attest '')" 'peer-review tests' 'gates'
is "$(offered stagegate -C "$S" attest tests '')" main 'then a commit'
is "$(offered stagegate -C "$S" attest tests --for t)" testing 'what an option takes'
is "$(offered stagegate -C "$S" log -n '')" '' 'which is nothing where nothing is known'
is "$(offered stagegate -C "$S" promote d)" 'deployment development' 'stages'
is "$(offered stagegate check man/stagegate-p)" 'man/stagegate-policy.5 man/stagegate-policy.5.txt' 'files'
# shellcheck disable=SC2016 # nobody is to expand it
git -C "$S" update-ref 'refs/heads/$(touch${IFS}pwned)' refs/heads/main
like "$(offered stagegate -C "$S" log '')" 'touch' 'a ref whose name is a command'
[ ! -e pwned ]
ok $? 'is not run'

# --- the tarball ----------------------------------------------------------------

version=$("$stagegate" --version | cut -d' ' -f2)
is "$(sed -n '1s/.*(\(.*\)).*/\1/p' "$top/hooks/debian/changelog")" "$version" 'the changelog is of this version'
sh "$top/hooks/debian/dist.sh" one >/dev/null
ok $? 'a tarball'
tar -xzf "one/stagegate-$version.tar.gz"
(
	umask 077
	TZ=Asia/Tokyo LC_ALL=C.UTF-8 sh "stagegate-$version/hooks/debian/dist.sh" two >/dev/null
)
cmp "one/stagegate-$version.tar.gz" "two/stagegate-$version.tar.gz"
ok $? 'out of which comes the same one, whatever umask and zone'
is "$(cd "stagegate-$version" && ls)" "$(cd "$top" && ls -I build)" 'all of the sources are in it'

# --- the package ----------------------------------------------------------------

if ! command -v dpkg-deb >/dev/null; then
	finish
fi
# What `make install` would put there.
install -d root/usr/bin root/usr/libexec/stagegate
strip -o root/usr/bin/stagegate "$stagegate"
for hook in pre-receive update post-receive; do
	strip -o "root/usr/libexec/stagegate/$hook" "$STAGEGATE_BUILD/$hook"
done
chmod 0755 root/usr/bin/stagegate root/usr/libexec/stagegate/*
for page in $pages; do
	install -D -m 0644 "man/$page" "root/usr/share/man/man${page##*.}/$page"
done
install -D -m 0644 "$top/hooks/completion/_stagegate" \
    root/usr/share/zsh/site-functions/_stagegate
sh "$top/hooks/debian/package.sh" root one >/dev/null
ok $? 'a package'
deb=$(echo one/*.deb)
is "$(dpkg-deb -f "$deb" Package Version | tr '\n' ' ')" "Package: stagegate Version: $version " 'name and version'
like "$(dpkg-deb -f "$deb" Depends)" 'git' 'it needs git'
is "$(dpkg-deb -c "$deb" | grep -v ' root/root ')" '' 'all of it is root'\''s'
is "$(dpkg-deb -c "$deb" | grep -E '^(d|-).(..)?(.{5}w|.{2}w.{2}w)')" '' 'and nobody else may write to it'
dpkg-deb -x "$deb" installed
is "$(ls -A installed/etc/stagegate)" '' 'no policy comes with it that would enforce itself'
is "$(installed/usr/bin/stagegate --version)" "stagegate $version" 'its program runs'
"$stagegate" check installed/usr/share/doc/stagegate/examples/policy.yml >/dev/null 2>&1
ok $? 'the example is the shipped policy'
git init -q --bare packaged.git
sh installed/usr/share/stagegate/install.sh --no-build --prefix "$tmp/installed/usr" \
    --policy "$tmp/server.yml" packaged.git >/dev/null 2>&1
ok $? 'its installer needs no sources'
cmp -s packaged.git/hooks/update root/usr/libexec/stagegate/update
ok $? 'and puts the hooks in place'
(cd installed && md5sum -c --quiet ../root/DEBIAN/md5sums)
ok $? 'its sums are right'
S=
finish
