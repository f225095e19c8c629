#!/bin/sh
# package.sh ROOT OUT    makes OUT/stagegate_VERSION_ARCH.deb of what
# `make install` has put below ROOT, with documents and examples added
#
# Every byte comes from the sources: names are in order, all files bear the
# time of the changelog and belong to root, modes do not depend on umask.
set -eu
export LC_ALL=C TZ=UTC
umask 022
root=$1 out=$2
here=$(cd "${0%/*}" && pwd)
top=$here/../..
epoch=$(sh "$here/epoch.sh")
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$here/changelog")
architecture=$(dpkg --print-architecture)
doc=$root/usr/share/doc/stagegate
share=$root/usr/share/stagegate

# put FILE.. FOLDER
put() {
	for to; do :; done
	install -d -m 0755 "$to"
	while [ $# -gt 1 ]; do
		install -m 0644 "$1" "$to/"
		shift
	done
}

license() {
	sed -n '/^Permission/,$s/^/ /p' "$top/LICENSE" | sed 's/^ $/ ./'
}

documents() {
	put "$top/README.md" "$here/README.Debian" "$doc"
	awk -v license="$(license)" '$0 == "@LICENSE@" { $0 = license } { print }' \
		"$here/copyright" >"$doc/copyright"
	gzip -9nc "$here/changelog" >"$doc/changelog.gz"
	put "$top/policy"/*.yml "$top/policy"/*.json "$share/policy"
	put "$top/policy/examples"/*.yml "$share/policy/examples"
	ln -sfn ../../stagegate/policy "$doc/examples"
	install -m 0755 "$top/install.sh" "$share/install.sh"
	put "$here/lintian-overrides" "$root/usr/share/lintian/overrides"
	mv "$root/usr/share/lintian/overrides/lintian-overrides" \
		"$root/usr/share/lintian/overrides/stagegate"
}

# Where Debian looks for them.
places() {
	install -d -m 0755 "$root/etc/stagegate" "$root/usr/share/zsh"
	rm -rf "$root/usr/share/zsh/vendor-completions"
	mv "$root/usr/share/zsh/site-functions" \
		"$root/usr/share/zsh/vendor-completions"
	find "$root/usr/share/man" -type f ! -name '*.gz' -exec gzip -9nf {} +
}

# The sources of what is linked statically.
built_using() {
	# shellcheck disable=SC2016 # dpkg-query's own
	for library in libc6-dev libexpat1-dev libgit2-dev libhttp-parser-dev \
		libjansson-dev libmbedtls-dev libpcre2-dev libsodium-dev \
		libutf8proc-dev libyaml-dev zlib1g-dev; do
		dpkg-query -W -f '${source:Package} (= ${source:Version})\n' \
			"$library" 2>/dev/null || :
	done | sort -u | sed '$!s/$/,/' | tr '\n' ' ' | sed 's/ $//'
}

control() {
	rm -rf "$root/DEBIAN"
	install -d -m 0755 "$root/DEBIAN"
	# In KiB, each file rounded up: what du says depends on the disk.
	size=$(find "$root" -type f -printf '%s\n' |
		awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
	sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" \
		-e "s/@SIZE@/$size/" -e "s/@BUILT_USING@/$(built_using)/" \
		"$here/control" >"$root/DEBIAN/control"
	(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' |
		sort -z | xargs -0 md5sum >DEBIAN/md5sums)
	chmod 0644 "$root/DEBIAN"/*
}

documents
places
control
find "$root" -type d -exec chmod 0755 {} +
find "$root" -exec touch -h -d "@$epoch" {} +
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group --threads-max=1 -Zxz \
	--build "$root" "$out/stagegate_${version}_$architecture.deb" >/dev/null
echo "made $out/stagegate_${version}_$architecture.deb"
