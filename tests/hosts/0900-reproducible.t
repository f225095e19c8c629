#!/bin/sh
# The package, built twice from the tarball in different folders, with another
# umask, zone and locale: the same bytes.  And it can be installed.
. "${0%/*}/../push/lib.sh"
top=$(cd "$here/../.." && pwd)
cd "$tmp" || exit 1
command -v dpkg-deb >/dev/null || skip_all 'packages are made with dpkg-deb'
# What the make that runs this was told is not for these.
unset SOURCE_DATE_EPOCH MAKEFLAGS MFLAGS MAKEOVERRIDES BUILD
sh "$top/hooks/debian/dist.sh" sources >/dev/null
version=$("$stagegate" --version | cut -d' ' -f2)

# build FOLDER: the sources unpacked there, and what they make of themselves
build() {
	mkdir "$1" && tar -xzf "sources/stagegate-$version.tar.gz" -C "$1" &&
		timeout 1200 make -C "$1/stagegate-$version" -j2 deb dist >"$1.log" 2>&1
}
(umask 022 && build first)
rc=$? out=$(tail -n 5 first.log)
accepted 'the tarball builds'
(umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 build a-second-and-longer-folder)
rc=$? out=$(tail -n 5 a-second-and-longer-folder.log)
accepted 'elsewhere, under another umask'
one=first/stagegate-$version/build
two=a-second-and-longer-folder/stagegate-$version/build
for file in "$one"/*.deb "$one"/*.tar.gz; do
	cmp "$file" "$two/${file##*/}"
	ok $? "${file##*/} is the same"
done

mkdir -p root/var/lib/dpkg
: >root/var/lib/dpkg/status
out=$(dpkg --root="$tmp/root" --force-depends --force-not-root -i "$one"/*.deb 2>&1)
rc=$?
accepted 'dpkg installs it'
is "$(root/usr/bin/stagegate --version)" "stagegate $version" 'and it runs'
is "$(ls -A root/etc/stagegate)" '' 'without a policy'
for hook in pre-receive update post-receive; do
	[ -x "root/usr/libexec/stagegate/$hook" ]
	ok $? "$hook is there"
done
is "$(cd root/usr/share/man && find . -name 'stagegate*' | sort | tr '\n' ' ')" \
    './man1/stagegate.1.gz ./man5/stagegate-policy.5.gz ./man7/stagegate-hooks.7.gz ' 'man pages'
out=$(dpkg --root="$tmp/root" --force-not-root -P stagegate 2>&1)
rc=$?
accepted 'dpkg takes it away'
is "$(find root -type f -path 'root/usr/*')" '' 'all of it'
finish
