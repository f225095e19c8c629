#!/bin/sh
# Clients that are not git: libgit2, dulwich, JGit and isomorphic-git, over http.
# Each can push what is allowed, and shows why the rest is not.
# shellcheck disable=SC2119 # defaults
. "${0%/*}/lib.sh"
server
standard_policy
http_start
for name in alice bob carol dana ci-bot; do
	http_person "$name" "secret-$name"
done
clone

# --- what they are ----------------------------------------------------------

jgit=$(find /usr/share/java -name '*.jar' \( -name 'org.eclipse.jgit.jar' -o \
    -name 'slf4j-api.jar' -o -name 'slf4j-nop.jar' -o -name 'JavaEWAH.jar' -o \
    -name 'jsch.jar' \) | tr '\n' ':')
mkdir "$tmp/java" "$tmp/npm"
javac -cp "$jgit" -d "$tmp/java" "$here/Push.java" >"$tmp/javac.log" 2>&1 ||
	give_up 'Push.java cannot be compiled' "$tmp/javac.log"
# the version is pinned; what it rests on npm knows
cp "$here/package.json" "$tmp/npm/"
npm install --prefix "$tmp/npm" --no-audit --no-fund --ignore-scripts \
    --cache "$tmp/npm/cache" --fetch-timeout=60000 --fetch-retries=3 \
    >"$tmp/npm.log" 2>&1 </dev/null ||
	give_up 'isomorphic-git cannot be installed from the registry of npm' "$tmp/npm.log"

client() { # client WHICH USER BRANCH REF
	set -- "$1" "$C" "$http_url/server.git" "$2" "secret-$2" "$3" "$4"
	which=$1
	shift
	case $which in
	libgit2) set -- /usr/bin/python3 "$here/push.py" pygit2 "$@" ;;
	dulwich) set -- /usr/bin/python3 "$here/push.py" dulwich "$@" ;;
	JGit) set -- java -cp "$tmp/java:$jgit" Push "$@" ;;
	isomorphic-git) set -- node "$here/push.js" "$@" ;;
	esac
	out=$(NODE_PATH=$tmp/npm/node_modules timeout 120 "$@" 2>&1)
	rc=$?
}

# --- and what they do -------------------------------------------------------

push() { # push USER ARGS..: git, for what comes before
	who=$1
	shift
	out=$(timeout 120 git push "$(http_to "$who" "secret-$who")" "$@" 2>&1)
	rc=$?
}
base=$(commit a.txt one)
walk "$base" deployment
ref_is refs/heads/main "$base" 'a change walks through every stage'
for which in libgit2 dulwich JGit isomorphic-git; do
	git checkout -q -b "with-$which" # on what the one before promoted
	c=$(commit "$which.txt" "by $which")
	client "$which" dana "with-$which" refs/heads/main
	refused stage.skip "$which: a push that leaves stages out is refused"
	says 'error: refs/heads/main \(deployment\): refused' "$which: it shows which ref"
	says "hint: push $(printf %.8s "$c") to a ref of stage development first" \
	    "$which: and what to do"
	says 'stagegate: test-flow 1\.0\.0 refused 1 of 1 ref' "$which: and the verdict"
	ref_is refs/heads/main "$base" "$which: nothing moved"
	client "$which" alice "with-$which" "refs/heads/feature/$which"
	accepted "$which: what is allowed is pushed"
	ref_is "refs/heads/feature/$which" "$c" "$which: it arrives"
	ledger_has "^Update: 0* $c refs/heads/feature/$which development .* accepted\$" \
	    "$which: it is recorded"
	is "$(ledger | sed -n 's/^Pusher: //p' | head -n 1)" alice "$which: with who it was"
	attested "$c"
	client "$which" alice "with-$which" refs/heads/integration
	accepted "$which: its promotion too"
	ref_is refs/heads/integration "$c" "$which: it arrives"
	client "$which" alice "with-$which" refs/heads/feature/denied/deep
	refused ref.denied "$which: a ref of no stage"
done
finish
