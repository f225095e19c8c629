#!/bin/sh
# What may follow a policy that was in force: drafts always, other texts with a
# higher version alone, and nothing lower than ever was in force.
. "${0%/*}/lib.sh"
server
text() { # text VERSION STATUS [FLOW]
	version=$1 standard_policy
	sed -i "s/^status: .*/status: $2/; s/^flow: .*/flow: ${3:-two words}/" "$tmp/server.yml"
}
clone
c=$(commit a.txt one)
try() { # try VERSION STATUS [FLOW]: a push under that policy
	text "$@"
	nonce=$((${nonce:-0} + 1))
	push alice "$c:refs/heads/feature/$nonce"
}
try 1.0.0 active
accepted 'a flow whose name is of two words'
try 1.0.0 active
accepted 'does not mind a second push'
ledger_has '^Policy: [0-9a-f]{40} two words 1\.0\.0$' 'and is recorded with its whole name'
try 2.0.0 locked
accepted 'a higher version'
try 2.0.0 active
refused policy.invalid 'another text of the same version'
try 1.5.0 draft
accepted 'a draft may have any version'
try 1.5.0 active
refused policy.invalid 'and changes nothing of what was in force before'
says 'version 1\.5\.0, but version 2\.0\.0 has been in force' 'which is named'
try 1.0.0 active
refused policy.invalid 'an older text that is known'
try 2.0.0 locked
accepted 'back from a draft to the very text that was in force'
try 3.0.0 draft
accepted 'a draft of what comes next'
try 2.1.0 active
accepted 'does not count where it is lower than it'
try 2.0.5 active 'another flow'
refused policy.invalid 'another name of the flow is another text too'
try 2.2.0 active 'another flow'
accepted 'with a higher version it may have one'
finish
