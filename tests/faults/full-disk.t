#!/bin/sh
# A disk that really is full, for git as well: a small one, in memory.
if [ "${1:-}" != mounted ]; then
	for how in 'unshare -m' 'unshare -rm'; do
		# shellcheck disable=SC2016 # for the other shell
		if $how sh -c 'mount -t tmpfs none "$1"' sh /mnt 2>/dev/null; then
			exec $how sh "$0" mounted
		fi
	done
	echo '1..0 # SKIP may not mount a small file system'
	exit
fi
. "${0%/*}/lib.sh"
mkdir "$tmp/disk"
mount -t tmpfs -o size=64m none "$tmp/disk" || exit
trap 'cd /; umount "$tmp/disk"; rm -rf "$tmp"' EXIT
server_name=disk/server
faulty_server
mount -o remount,size=2m "$tmp/disk" || exit

before_push() { # before_push KIB: what is left
	dd if=/dev/zero of="$tmp/disk/filler" bs=4k 2>/dev/null
	truncate -s "-${1}K" "$tmp/disk/filler"
}

after_push() {
	rm -f "$tmp/disk/filler"
}

# git itself may have no room left to move the ref of the other push: then it
# has not moved, and is pushed again like all the rest.
company_goes() {
	rm -f "$tmp/hold"
	wait "$company" ||
		[ "$(git -C "$S" rev-parse refs/heads/integration)" = "$moved" ] ||
		complain "the push beside it failed, and moved its ref: $(cat "$tmp/company")"
}

for story in $stories; do
	bad=0
	runs=0
	refusals=0
	left=0
	while [ "$left" -le 160 ]; do
		attempt "$story" none EIO write "$left"
		runs=$((runs + 1))
		[ -z "$complaints" ] || tell "$story, $left KiB left"
		grep -q '^rc 0' "$tmp/said" || refusals=$((refusals + 1))
		left=$((left + 4 * ${FAULTS_STRIDE:-3}))
	done
	ok "$((bad > 0))" "$story: $runs pushes, $refusals refused"
done
finish_sweeps
