#!/bin/sh
# probe.sh FLAG...    what this compiler and this system can do, for the Makefile
#
# Prints make variables: OK_FLAGS, those of the flags that the compiler takes
# without a word; PKG_CFLAGS and LIBS, for the libraries.  Reads CC, CFLAGS,
# LDFLAGS, STATIC and PKG_CONFIG from the environment.  With STATIC=1 it links
# a static program against libgit2 and lib/git/offline.c; where that cannot be
# done it says why and what to do, and exits 1.
set -eu

packages='libgit2 yaml-0.1 libpcre2-8 libsodium jansson expat libutf8proc zlib'
# Not what libgit2.pc says: that names ssh and HTTP, which offline.c leaves out
static_libs='-lgit2 -lyaml -lsodium -ljansson -lexpat -lutf8proc -lmbedcrypto -lpcre2-8 -lz'

here=$(dirname "$0")
top=$here/../..
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# fail WHAT [HINT]: with the first lines of what was said, and the packages
fail() {
	printf '\nstagegate: %s\n' "$1" >&2
	sed -n '1,8s/^/    /p' "$tmp/log" >&2
	sh "$here/deps.sh" -n build || exit 1
	[ -z "${2:-}" ] || echo "$2" >&2
	exit 1
}

# shellcheck disable=SC2086,SC2153 # lists, from the environment
compile() {
	$CC $CFLAGS "$@" >"$tmp/log" 2>&1
}

printf '#include <stdio.h>\nint main(void)\n{\n\treturn puts("");\n}\n' \
	>"$tmp/flag.c"
: >"$tmp/log"
compile -c "$tmp/flag.c" -o "$tmp/flag.o" ||
	fail "the compiler does not work: $CC $CFLAGS"

ok=
for flag; do
	# as in the build: some compilers set _FORTIFY_SOURCE by themselves
	if compile -Werror -U_FORTIFY_SOURCE "$flag" -c "$tmp/flag.c" -o "$tmp/flag.o"; then
		ok="$ok $flag"
	fi
done

for package in $packages; do
	"$PKG_CONFIG" --exists --print-errors "$package" >"$tmp/log" 2>&1 ||
		fail "the library '$package' is missing"
done
"$PKG_CONFIG" --exists --print-errors 'libgit2 >= 1.5' >"$tmp/log" 2>&1 ||
	fail 'libgit2 is too old'
# shellcheck disable=SC2086
cflags=$("$PKG_CONFIG" --cflags $packages)

if [ "$STATIC" = 1 ]; then
	libs=$static_libs
	cat >"$tmp/link.c" <<-'EOF'
		#include <expat.h>
		#include <git2.h>
		#include <git2/sys/mempack.h>
		#include <jansson.h>
		#define PCRE2_CODE_UNIT_WIDTH 8
		#include <pcre2.h>
		#include <sodium.h>
		#include <utf8proc.h>
		#include <yaml.h>
		#include <zlib.h>
		int main(void)
		{
			const void *used[] = { git_repository_open_ext,
				git_merge_trees, git_diff_tree_to_tree,
				git_branch_iterator_new, git_mempack_new,
				json_dumps, pcre2_compile_8, yaml_parser_parse,
				XML_ParserCreate, utf8proc_decompose,
				crypto_sign_verify_detached, inflate };
			return git_libgit2_init() + sodium_init() + !used[0];
		}
	EOF
	# shellcheck disable=SC2086
	compile $cflags -D_GNU_SOURCE -fPIE -ffunction-sections $LDFLAGS \
		-static-pie -Wl,--gc-sections "$tmp/link.c" \
		"$top/lib/git/offline.c" -o "$tmp/link" $libs ||
		fail 'cannot link a static program with libgit2' \
			"'make STATIC=0' links dynamically, with any libgit2 \
from 1.5 on"
else
	# shellcheck disable=SC2086
	libs="-Wl,--as-needed $("$PKG_CONFIG" --libs $packages)"
fi

printf 'OK_FLAGS :=%s\n' "$ok"
printf 'PKG_CFLAGS := %s\n' "$cflags"
printf 'LIBS := %s\n' "$libs"
