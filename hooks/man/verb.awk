# Turns what `stagegate help VERB` prints into mdoc(7): the usage as it stands,
# paragraphs as text, the rows of options as a list.

# A line of text must not look like a macro, and each sentence begins one.
function text(line) {
	gsub(/\\/, "\\e", line)
	line = gensub_sentences(line)
	n = split(line, part, "\n")
	for (i = 1; i <= n; i++)
		print (part[i] ~ /^[.']/ ? "\\&" : "") part[i]
}

function gensub_sentences(line) {
	while (match(line, /[a-z)'][.?!:] +[A-Z-]/))
		line = substr(line, 1, RSTART + 1) "\n" \
			substr(line, RSTART + RLENGTH - 1)
	return line
}

# "-C, --dir DIR" as macros; what is no option is an argument.
function item(left,   n, word, i, out, w) {
	n = split(left, word, " ")
	out = ".It"
	for (i = 1; i <= n; i++) {
		w = word[i]
		comma = sub(/,$/, "", w) ? " ," : ""
		if (w ~ /^-/)
			out = out " Fl " (w ~ /^--/ ? "Fl " substr(w, 3) : substr(w, 2))
		else
			out = out " Ar " w
		out = out comma
	}
	print out
}

function leave(to) {
	if (state == "usage")
		print ".Ed"
	if (state == "list" && to != "list")
		print ".El"
	state = to
}

/^usage: / {
	leave("usage")
	print ".Bd -literal -offset indent"
	sub(/^usage: /, "")
}
state == "usage" && !/^$/ {
	gsub(/\\/, "\\e")
	print
	next
}
/^$/ {
	if (state == "usage")
		leave("")
	blank = 1
	next
}
/^  -/ {
	if (state != "list") {
		leave("list")
		print ".Bl -tag -width Ds"
	}
	line = substr($0, 3)
	help = ""
	if (match(line, /  +/)) {
		help = substr(line, RSTART + RLENGTH)
		line = substr(line, 1, RSTART - 1)
	}
	item(line)
	if (help != "")
		text(help)
	blank = 0
	next
}
state == "list" && /^   / {
	sub(/^ +/, "")
	text($0)
	next
}
{
	if (state == "list")
		leave("")
	if (blank)
		print ".Pp"
	blank = 0
	text($0)
}
END {
	leave("")
}
