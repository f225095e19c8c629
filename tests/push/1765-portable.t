#!/bin/sh
# portable: what is pushed can be checked out on any system.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: portable-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
gates:
  portable: {kind: paths, portable: true}
stages:
  - name: development
    refs: ["refs/heads/feature/*"]
    push: [all]
    gates: [portable]
Y
clone
git config core.precomposeUnicode false
git config core.protectNTFS false # of what we make, not of the server
e_acute=$(printf '\303\251')
e_and_acute=$(printf 'e\314\201')
E_acute=$(printf '\303\211')
unseen=$(printf '\342\200\214')
one=$(printf '\302\271')
deep=$(printf 'd%.0s' $(seq 60))

mkdir -p src docs "caf$e_acute"
echo 1 >src/Main.c
echo 1 >docs/begin.md
first=$(commit "caf$e_acute/menu.txt" 1)
push alice "$first:refs/heads/feature/first"
accepted 'names that any system can hold'

n=0
try() { # try WHAT FILE..: they are added to what was there
	what=$1
	shift
	for file; do
		mkdir -p "$(dirname "$file")"
		echo 2 >"$file"
		git add -- "$file"
	done
	git commit -q -m "$what"
	n=$((n + 1))
	push alice "HEAD:refs/heads/feature/try-$n"
	git checkout -q -f --detach "$first"
	git clean -qfdx
}

bad() {
	try "$@"
	refused stage.gates "$1"
	says 'FAILED +portable' 'it is this gate'
}

try 'nothing wrong' src/main.h docs/End.md "docs/${e_acute}t$e_acute.md"
accepted 'names that only come near it'

bad 'another case' src/main.c
says 'src/Main\.c and src/main\.c differ in case only' 'both are named'
bad 'a folder in another case' Docs/end.md
bad 'two new ones in two cases' new/a new/A
bad 'another case beyond ASCII' "x$e_acute" "x$E_acute"
bad 'a letter composed otherwise' "x$e_acute" "x$e_and_acute"
says 'are the same letters in other bytes' 'it is said how they differ'
bad 'a folder composed otherwise' "caf$e_and_acute/other.txt"
bad 'a folder in another case, composed otherwise' "CAFE$(printf '\314\201')/other.txt"
bad 'a character that is not seen' "src/Ma${unseen}in.c"
bad 'sharp s' "stra$(printf '\303\237')e" STRASSE
for name in con PRN.txt Aux 'nul .c' COM1 com0.c "lpt$one.log" "CONIN\$" "conout\$.x" x/con/y; do
	bad "$name, which is reserved" "$name"
done
for name in 'end.' 'end ' 'dir./x' 'a:b' 'a?b' 'a"b' 'a|b' 'a*b' 'a<b' 'a\b' "a$(printf '\t')b" "a$(printf '\1')b"; do
	bad "$(printf %s "$name" | tr -c '[:print:]' .), which cannot be stored" "$name"
done
bad 'bytes that are no UTF-8' "$(printf 'x\377')"
bad 'a path that is too long' "$deep/$deep/$deep/$deep/x"

# It is the net change that counts, and what was there stays.
git mv src/Main.c src/main.c
git commit -q -m 'another case'
push alice HEAD:refs/heads/feature/renamed
accepted 'renamed to another case there is one of it'
git mv "caf$e_acute" "caf$e_and_acute"
git commit -q -m 'another composition'
push alice HEAD:refs/heads/feature/composed
accepted 'so it is when it is composed otherwise'
finish
