#!/bin/sh
# Walks a change through the shipped flow with real pushes, and tries to leave
# a stage out.  `./install.sh --demo` builds first and then runs this:
#
#	demo.sh TOP	the checkout, built
#
# Everything happens in a new directory below /tmp, which is left for you to
# look at.  Nothing is installed.  Exit 0 when every push was answered as it
# should be.
set -eu

top=$1
build=${STAGEGATE_BUILD:-$top/build}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/stagegate-demo.XXXXXX")
server=$tmp/server.git
work=$tmp/work

# Only what stands here decides who pushes and how git behaves.
for name in $(env | sed -n 's/^\(GIT_[A-Z_0-9]*\|GL_[A-Z_]*\|GITEA_[A-Z_]*\|REMOTE_USER\)=.*/\1/p'); do
	unset "$name"
done
HOME=$tmp
GIT_CONFIG_NOSYSTEM=1
GIT_CONFIG_GLOBAL=$tmp/gitconfig
export HOME GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL
git config --file "$tmp/gitconfig" init.defaultBranch main
git config --file "$tmp/gitconfig" advice.detachedHead false
git config --file "$tmp/gitconfig" user.name Alice
git config --file "$tmp/gitconfig" user.email alice@example.com

title() {
	printf '\n=== %s\n' "$*"
}

# as USER COMMAND..: shown as one would type it, then run; its exit code
as() {
	user=$1
	shift
	printf '\n%s$' "$user"
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_./:=@%+,-]* | '') printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n'
	code=0
	GL_USER=$user "$@" 2>&1 || code=$?
	return "$code"
}

must() {
	"$@" || {
		printf '\ndemo: this should have been accepted; see %s\n' "$tmp"
		exit 1
	}
}

must_not() {
	if "$@"; then
		printf '\ndemo: this should have been refused; see %s\n' "$tmp"
		exit 1
	fi
}

stagegate() {
	"$build/stagegate" "$@"
}

# attest USER GATE COMMIT [OPTION VALUE]: handed in quietly
attest() {
	GL_USER=$1 "$build/stagegate" attest "$2" "$3" --pass \
	    ${4+"$4"} ${5+"$5"} >"$tmp/out" 2>&1 || {
		cat "$tmp/out"
		exit 1
	}
	printf '  %-8s attests %s\n' "$1" "$2${5+ (${5##*/})}"
}

# What the tools of a build server write.
junit() { # junit TEST..
	printf '<testsuite name="product">\n'
	printf '  <testcase name="%s"/>\n' "$@"
	printf '</testsuite>\n'
}

lcov() { # lcov COUNT: how often the tests ran line 3 of src/main.c
	printf 'TN:\nSF:src/main.c\nDA:3,%s\nend_of_record\n' "$1"
}

sarif() {
	printf '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": '
	printf '"lint"}}, "results": []}]}\n'
}

title 'A server with a project that is in production'
git init -q --bare "$server"
git init -q "$work"
cd "$work"
git remote add origin "$server"
mkdir -p src docs
printf 'int main(void) { return 0; }\n' >src/main.c
printf '# The product\n' >docs/README.md
git add -A
git commit -q -m 'The product as it is today'
base=$(git rev-parse HEAD)
git push -q origin "$base:refs/heads/integration" \
    "$base:refs/heads/staging" "$base:refs/heads/main"
printf 'server %s: integration, staging and main are at %.8s\n' \
    "$server" "$base"

title 'The hooks and the shipped policy'
make -C "$top" -s install BUILD="$build" PREFIX="$tmp/installed" >/dev/null
cp "$top/policy/policy.yml" "$tmp/policy.yml"
chmod 644 "$tmp/policy.yml"
sh "$top/install.sh" --no-build --yes --prefix "$tmp/installed" \
    --policy "$tmp/policy.yml" "$server"
as root "$build/stagegate" -C "$server" adopt
mkdir "$tmp/mail"
cat >"$tmp/sendmail" <<EOT
#!/bin/sh
# In place of sendmail: keeps what would be sent.
cat >"\$(mktemp "$tmp/mail/\$(date +%s%N).XXXXXX")"
EOT
chmod 755 "$tmp/sendmail"
as root git -C "$server" config stagegate.sendmail "$tmp/sendmail"

title 'Alice works on a feature branch'
git checkout -q -b feature/greeting
printf '#include <stdio.h>\n\nint main(void) { return puts("hello") < 0; }\n' \
    >src/main.c
printf '# The product\n\nIt says hello.\n' >docs/README.md
git add -A
git commit -q -m 'Greet whoever starts the product'
feature=$(git rev-parse HEAD)
must as alice git push origin feature/greeting

title 'Straight to main?'
must_not as dana git push origin "$feature:refs/heads/main"

title 'So: integration, which asks for tests, review, documentation'
git checkout -q --detach "$base"
git merge -q --no-ff -m 'Greeting

What: the product greets whoever starts it
Testing: started by hand, unit tests' feature/greeting
merge=$(git rev-parse HEAD)
must_not as alice git push origin "$merge:refs/heads/integration"
printf '\nci and a reviewer hand in what is missing:\n'
junit starts greets >"$tmp/unit.xml"
lcov 0 >"$tmp/coverage.info"
sarif >"$tmp/lint.sarif"
attest ci-bot unit-tests "$feature" --report "$tmp/unit.xml"
attest ci-bot coverage "$feature" --report "$tmp/coverage.info"
attest ci-bot lint "$feature" --report "$tmp/lint.sarif"
printf '\nand Bob his review, with nothing but git:\n'
printf 'evidence: 1\ngate: peer-review\nresult: pass\n' >"$tmp/statement"
tag=evidence/peer-review/$feature
must as bob git tag -a -F "$tmp/statement" "$tag" "$feature"
must as bob git push origin "refs/tags/$tag:refs/$tag/1"
git tag -d "$tag" >/dev/null
must_not as alice git push origin "$merge:refs/heads/integration"
printf '\nNo test runs the new line, whatever was attested.  With one that does:\n'
lcov 1 >"$tmp/coverage.info"
attest ci-bot coverage "$feature" --report "$tmp/coverage.info"
must as alice git push origin "$merge:refs/heads/integration"

title 'Testing'
junit product-with-database >"$tmp/integration.xml"
attest ci-bot integration-tests "$merge" --report "$tmp/integration.xml"
must as dana git push origin "$merge:refs/heads/staging"

title 'Deployment'
attest ci-bot client-tests "$merge" --matrix acme
attest ci-bot client-tests "$merge" --matrix globex
attest ci-bot performance "$merge" --metric p99_ms=12.1
must_not as dana git push origin "$merge:refs/heads/main"
printf '\nwhat main holds today is well, and a client has tried the change:\n'
attest dana health "$base"
junit answers >"$tmp/smoke.xml"
attest ci-bot smoke-tests "$base" --report "$tmp/smoke.xml"
attest acme-qa acceptance "$merge"
must as dana git push origin "$merge:refs/heads/main"

title 'Roll-out: the first client'
attest dana health "$merge"
attest ci-bot smoke-tests "$merge" --report "$tmp/smoke.xml"
must as dana git push origin "$merge:refs/heads/clients/acme"
printf '\nThe others wait until it has been there for three days:\n'
attest dana feedback "$merge"
must_not as dana git push origin "$merge:refs/heads/clients/globex"

title 'Three in the morning: back, in one push'
must as dana stagegate -C "$work" rollback main --reason 'INC-42 latency' \
    --timeline 'fixed by Friday' --push origin
printf '\nNothing new enters until it is known why, and what will be done:\n'
git fetch -q origin main
once_more=$(git commit-tree -p FETCH_HEAD -p "$merge" -m 'Greeting, once more' \
    "$merge^{tree}")
must_not as dana git push origin "$once_more:refs/heads/main"
attest bob root-cause "$merge"
attest alice prevention "$merge"
attest carol prevention "$merge"
must stagegate -C "$server" incidents --all

title 'What the client that had it was told'
must as root "$build/stagegate" -C "$server" deliver
printf '\n'
for mail in "$tmp"/mail/*; do
	if grep -q '^To: ops@acme\.example' "$mail" &&
	    grep -q '^X-Stagegate-Event: rolled-back' "$mail"; then
		sed 's/^/  | /' "$mail"
	fi
done >"$tmp/told"
[ -s "$tmp/told" ] || must false
cat "$tmp/told"

title 'What the ledger says about the commit that main holds'
stagegate -C "$server" status "$merge"

cat <<EOT

=== Done.  All of it is yours to look at and to try:

  the server        $server
  its policy        $tmp/policy.yml
  a clone           $work
  the command       $build/stagegate
  mail              $tmp/mail

  cd $work
  GL_USER=dana git push origin HEAD:refs/heads/clients/initech
  $build/stagegate -C $server explain
  $build/stagegate -C $server log
  git -C $server log --notes=stagegate main

For a real repository: ./install.sh REPO.git
EOT
