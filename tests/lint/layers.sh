#!/bin/sh
# Arrows go down only: a file of lib/ may include headers of its own layer and
# of those below.  And the judge stays pure: neither it nor a gate sees
# libgit2, stdio, the clock, the system or YAML; libgit2 is lib/git's alone.
set -eu
cd "$(dirname "$0")/../.."

find lib hooks -name '*.[ch]' -exec awk '
BEGIN {
	n = split("base policy reports judge gates git record tell notify run setup doctor", layers)
	for (i = 1; i <= n; i++)
		height[layers[i]] = i
	# The judge calls gates, and gates look through its view.
	height["gates"] = height["judge"]
	pure = "^(git2|stdio|time|unistd|yaml)(/|\\.h$)"
}

function complain(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}

FNR == 1 {
	split(FILENAME, part, "/")
	own = part[1] == "lib" ? part[2] : "hooks"
	if (part[1] == "lib" && !(own in height))
		complain("no layer is called " own)
}

/^[ \t]*#[ \t]*include/ {
	name = $0
	sub(/^[^<"]*[<"]/, "", name)
	sub(/[>"].*$/, "", name)
	split(name, part, "/")
	if (name ~ /^git2(\/|\.h$)/ && own != "git")
		complain("only lib/git includes " name)
	else if ((own == "judge" || own == "gates") && name ~ pure)
		complain("lib/" own " must not include " name)
	if (name ~ /\.\.\// || part[1] == "support")
		complain("cannot include " name)
	else if (own != "hooks" && (part[1] in height) && name ~ /\// &&
	    height[part[1]] > height[own])
		complain("lib/" own " is below lib/" part[1] ": " name)
}

END { exit bad }
' {} +
