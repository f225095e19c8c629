# What must hold after a story, see lib.sh.  Prints what does not.
#	what=story	REF OLD NEW accept|refuse keep|- SUBJECT|- of each ref
#	what=said	`rc N`, then what git push --porcelain printed
#	what=between	refs when the hooks had ended, refs: at the end
#	what=records	the ledger, newest first

function complain(text) {
	print text
}

function short(oid) {
	return substr(oid, 1, 8)
}

what == "story" {
	order[++n] = $1
	old[$1] = $2
	new[$1] = $3
	verdict[$1] = $4
	keep[$1] = $5
	subject[$1] = $6
}

what == "said" && $1 == "rc" { rc = $2 }

# "*\t<from>:<to>\t<summary>"
what == "said" && /^[-!*+= ]\t/ {
	split($0, part, "\t")
	sub(/^[^:]*:/, "", part[2])
	told[part[2]] = substr($0, 1, 1) == "!" ? "refused" : "accepted"
}

what == "between" { between[$1] = $2 }
what == "refs" { at[$1] = $2 }

what == "records" && $1 == "Commit:" {
	if (NF > 3)
		complain("a commit of the ledger has " NF - 2 " parents")
	if (newest != "" && $2 > newest)
		complain("a time of the ledger is before the one before")
	newest = $2
}

what == "records" && $1 == "Update:" {
	if (($4 in began) && $3 != began[$4])
		complain($4 ": recorded up to " short($3) ", then from " \
		    short(began[$4]))
	if (!($4 in last))
		last[$4] = $3
	began[$4] = $2
	times[$2 " " $3 " " $4]++
	if ($7 !~ /^(accepted|recovered)$/ && verdict[$4] != "refuse")
		complain($4 ": recorded as " $7)
	in_commit[++updates] = $4
}

what == "records" && $1 == "Evidence:" { statements[$4]++ }

# At the end of each commit.
what == "records" && $1 == "Push:" {
	for (i = 1; i <= updates; i++)
		if ($2 != "-" && pushed[$2 " " in_commit[i]]++)
			complain(in_commit[i] ": recorded twice")
	updates = 0
}

function check_refused(ref) {
	if (told[ref] == "accepted" || rc == 0)
		complain(ref ": must be refused, and was not")
	if (between[ref] != old[ref] || at[ref] != old[ref])
		complain(ref ": was refused, and moved")
	if (times[old[ref] " " new[ref] " " ref])
		complain(ref ": was refused, and is recorded")
}

function check_statement(ref) {
	if (told[ref] == "accepted" && between[ref] != new[ref] &&
	    between[ref] != zero)
		complain(ref ": accepted, and is at " between[ref])
	if (at[ref] != zero)
		complain(ref ": still in the inbox")
	if (statements[subject[ref]] != 1)
		complain(ref ": recorded " statements[subject[ref]] + 0 " times")
}

function check_accepted(ref) {
	if (told[ref] == "accepted" && between[ref] != new[ref])
		complain(ref ": accepted, and is at " between[ref])
	if (told[ref] == "refused" && between[ref] != old[ref])
		complain(ref ": refused, and is at " between[ref])
	if (between[ref] != old[ref] && between[ref] != new[ref])
		complain(ref ": is at " between[ref])
	if (at[ref] != new[ref])
		complain(ref ": is at " short(at[ref]) " in the end")
	if (times[old[ref] " " new[ref] " " ref] != 1)
		complain(ref ": recorded " \
		    times[old[ref] " " new[ref] " " ref] + 0 " times")
	if (keep[ref] == "keep" &&
	    at["refs/stagegate/kept/" ref "/" old[ref]] != old[ref])
		complain(ref ": its old tip is not kept")
}

END {
	zero = "0000000000000000000000000000000000000000"
	for (i = 1; i <= n; i++) {
		ref = order[i]
		if (!(ref in between))
			between[ref] = zero
		if (!(ref in at))
			at[ref] = zero
		if (verdict[ref] == "refuse")
			check_refused(ref)
		else if (subject[ref] != "-")
			check_statement(ref)
		else
			check_accepted(ref)
	}
	for (ref in last)
		if (last[ref] != ((ref in at) ? at[ref] : zero))
			complain(ref ": its tip is not what was recorded last")
	for (ref in at)
		if (ref ~ /^refs\/(heads|tags)\// && at[ref] != zero &&
		    !(ref in last))
			complain(ref ": is not recorded")
}
