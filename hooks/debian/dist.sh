#!/bin/sh
# dist.sh OUT    makes OUT/stagegate-VERSION.tar.gz of the sources: in a clone of
# what git tracks, elsewhere (an unpacked tarball) of everything but OUT
#
# The same bytes from the same sources, whatever clock, umask and account.
set -eu
export LC_ALL=C
mkdir -p "$1"
out=$(cd "$1" && pwd)
here=$(cd "${0%/*}" && pwd)
cd "$here/../.."
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$here/changelog")
name=stagegate-$version

sources() {
	if [ -e .git ]; then
		git ls-files -z
	else
		find . \( -path ./build -o -path "./${out#"$PWD"/}" \) -prune -o \
			\( -type f -o -type l \) -printf '%P\0'
	fi
}

sources | sort -z | tar --null --no-recursion --files-from=- --create \
	--format=ustar --mtime="@$(sh "$here/epoch.sh")" --owner=0 --group=0 \
	--numeric-owner --mode=u+rw,go+rX,go-w --transform="flags=r;s,^,$name/," |
	gzip -9n >"$out/$name.tar.gz.new"
mv "$out/$name.tar.gz.new" "$out/$name.tar.gz"
echo "made $out/$name.tar.gz"
