#!/bin/sh
# What git starts: small, static, and without network code.
cd "$(dirname "$0")/../.." || exit 1
build=${STAGEGATE_BUILD:-build}
# MiB, stripped: the hooks are started by every push, the command by people.
max_mib() { [ "$1" = stagegate ] && echo 5 || echo 4; }
n=0

# check WHAT COMMAND...: a TAP line, good when the command is
check() {
	n=$((n + 1))
	what=$1
	shift
	: >"$tmp/why"
	if "$@" 2>"$tmp/why"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		[ ! -s "$tmp/why" ] || sed 's/^/# /' "$tmp/why" >&2
	fi
}

is_small() {
	strip -o "$tmp/stripped" "$1" || return 1
	size=$(wc -c <"$tmp/stripped")
	echo "$size bytes" >&2
	[ "$size" -le $(($2 * 1048576)) ]
}

is_static() {
	readelf -lW "$1" >"$tmp/headers" && ! grep -q INTERP "$tmp/headers"
}

is_hardened() {
	readelf -lW "$1" >"$tmp/headers" && readelf -dW "$1" >"$tmp/dynamic" &&
		grep -q 'GNU_STACK.* RW ' "$tmp/headers" &&
		grep -q GNU_RELRO "$tmp/headers" &&
		grep -q 'FLAGS_1.*NOW.*PIE' "$tmp/dynamic"
}

# __nss_ and getpw*: what asks NSS would load shared objects.  getpwuid_r is
# our own, in offline.c.
is_offline() {
	nm "$1" >"$tmp/symbols" && grep -q ' T main$' "$tmp/symbols" &&
		! grep -E ' [TtWw] (__)?(socket|connect|bind|getaddrinfo|getpwnam|getpwuid|getgr(nam|gid)|__nss_.*|git_(smart|stream_socket|http_client)_.*)$' \
			"$tmp/symbols" >&2
}

if [ "${STAGEGATE_STATIC:-1}" != 1 ]; then
	echo '1..0 # skip linked dynamically'
	exit 0
fi
set -- hooks/*.c
[ -e "$1" ] || shift
[ ! -e hooks/admin/stagegate.c ] || set -- "$@" hooks/admin/stagegate.c
if [ $# -eq 0 ]; then
	echo '1..0 # skip there are no programs'
	exit 0
fi

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
echo "1..$(($# * 4))"
for source; do
	program=$(basename "$source" .c)
	max=$(max_mib "$program")
	check "$program is at most $max MiB" is_small "$build/$program" "$max"
	check "$program is static" is_static "$build/$program"
	check "$program is hardened" is_hardened "$build/$program"
	check "$program has no network code, no NSS" \
		is_offline "$build/$program"
done
