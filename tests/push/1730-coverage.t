#!/bin/sh
# coverage: reports that gcc, geninfo and gcovr make of a small project; what
# is new has to be run by its tests, and whoever leaves something out, points
# elsewhere or writes nonsense gets no further.
. "${0%/*}/lib.sh"
for tool in gcc geninfo gcovr; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
server
policy <<'Y'
flow: coverage-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  ci-bot: {robot: true}
roles: {all: ["*"], ci: [ci-bot]}
gates:
  new-code: {kind: coverage, by: [ci], report: lcov, new_lines: 80%}
  all-code:
    kind: coverage
    by: [ci]
    report: cobertura
    total: 60%
    no_decrease: true
    ignore: [tests/**]
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: deployment, refs: [refs/heads/main], push: [all], gates: [new-code, all-code]}
Y
clone

# Builds what is committed in another folder, as a CI would, and runs its tests:
# $tmp/lcov.info and $tmp/cobertura.xml.
measure() {
	job=$tmp/job-$((${job_number:=0} + 1))
	job_number=$((job_number + 1))
	mkdir "$job"
	git archive HEAD | tar -x -C "$job"
	(
		cd "$job" || exit
		gcc --coverage -O0 -Isrc -o run src/*.c tests/*.c && ./run &&
			geninfo -q -o "$tmp/lcov.info" . &&
			gcovr -r . --xml -o "$tmp/cobertura.xml"
	) >"$tmp/measured" 2>&1 || {
		ok 1 'the project builds and is measured'
		note "$(cat "$tmp/measured")"
	}
}

# hand_in GATE FORMAT FILE [COMMIT]: ci-bot's pass with a report
hand_in() {
	evidence ci-bot "$1" "${4:-HEAD}" pass "report: $2
---
$(cat "$3")"
}
both() {
	measure
	hand_in new-code lcov "$tmp/lcov.info"
	accepted "$1: a tracefile of geninfo is taken"
	hand_in all-code cobertura "$tmp/cobertura.xml"
	accepted "$1: gcovr's Cobertura is taken"
}
n=0
propose() { # what is checked out, on a branch of its own
	n=$((n + 1))
	push alice "HEAD:refs/heads/feature/$n"
}

mkdir src tests
cat >src/sum.h <<'C'
int sum(int a, int b);
int sign(int x);
C
cat >src/sum.c <<'C'
#include "sum.h"

int sum(int a, int b)
{
	return a + b;
}
C
cat >tests/run.c <<'C'
#include "sum.h"

int main(void)
{
	return sum(1, 2) != 3;
}
C
first=$(commit README 'a project')
propose
push alice "$first:refs/heads/main"
refused stage.gates 'main wants reports'
says 'MISSING +new-code +0 of 1 from @ci' 'and says whose'
both first
out=$("$stagegate" -C "$S" try refs/heads/main "$first" --as alice 2>&1)
says 'passed +new-code +new lines [0-9]+ of [0-9]+ \(100\.0 %\), at least 80 %' 'with its figures'
says 'passed +all-code +total 2 of 2 \(100\.0 %\), at least 60 %; no' 'and nothing to compare the total with'
push alice "$first:refs/heads/main"
accepted 'what is tested begins main'

# --- new lines that nothing runs ---

cat >>src/sum.c <<'C'

int sign(int x)
{
	if (x < 0)
		return -1;
	return x > 0;
}
C
untested=$(commit src/sum.h 'int sum(int a, int b);
int sign(int x);
int twice(int x);')
propose
both untested
push alice "$untested:refs/heads/main"
refused stage.gates 'new lines that no test runs'
says 'FAILED +new-code +new lines 0 of 4 \(0\.0 %\), at least 80 %' 'the share of new lines'
says 'src/sum\.c: 8, 10-12 \(0 of 4 covered\)' 'which lines'
says 'FAILED +all-code +total 2 of 6 \(33\.3 %\)' 'the share of all lines'
says 'before 2 of 2' 'compared with the tip'
ref_is refs/heads/main "$first" 'main stays'

# --- some of them are ---

cat >tests/run.c <<'C'
#include "sum.h"

int main(void)
{
	return sum(1, 2) != 3 || sign(2) != 1;
}
C
partly=$(commit tests/more 'more tests')
propose
both partly
push alice "$partly:refs/heads/main"
refused stage.gates 'all but one line is run, and the total is less than before'
says 'passed +new-code +new lines [45] of [56] \(8[03]\.[0-9] %\), at least 80 %' 'which is enough of the new ones'
says 'FAILED +all-code +total 5 of 6 \(83\.3 %\), at least 60 %, before' 'but not of all'

# The same by the command, which tells formats by name and content.
out=$(REMOTE_USER=ci-bot "$stagegate" attest new-code --pass --report "$tmp/lcov.info" 2>&1)
rc=$?
accepted 'attest hands in a tracefile'
out=$(REMOTE_USER=ci-bot "$stagegate" attest all-code --pass --report "$tmp/cobertura.xml" 2>&1)
rc=$?
accepted 'attest hands in Cobertura'

sed -i 's/sign(2) != 1/& || sign(-2) != -1/' tests/run.c
tested=$(commit tests/more 'still more tests')
propose
both tested

# --- going around it ---

# rewritten EXPRESSION: the report as sed(1) changes it, in place of the true one
rewritten() {
	sed "$1" "$tmp/lcov.info" >"$tmp/rewritten"
	hand_in new-code lcov "$tmp/rewritten" "${2:-$tested}"
}
REMOTE_USER=alice git push -q origin "$tested:refs/heads/feature/again" 2>/dev/null
evidence alice new-code "$tested" pass "report: lcov
---
$(cat "$tmp/lcov.info")"
refused evidence.not-allowed 'a report of somebody who wrote it'
rewritten '/sum\.c$/,/^end_of_record$/d'
push alice "$tested:refs/heads/main"
refused stage.gates 'a report that leaves the file out'
says 'src/sum\.c: 7-13 \(not in the report\)' 'all that was added to it is uncovered'

rewritten 's,^SF:.*sum\.c$,SF:/elsewhere/total.c,'
push alice "$tested:refs/heads/main"
refused stage.gates 'one that names another file'

rewritten 's,^DA:12\,,DA:99\,,'
push alice "$tested:refs/heads/main"
refused stage.gates 'one with a line beyond the end of the file'
says 'line 99 of src/sum\.c' 'which it names'

rewritten 's,^SF:.*sum\.c$,SF:../../x/../src/./sum.c,'
push alice "$tested:refs/heads/main"
accepted 'dots in a path are what they seem'

git checkout -q --detach "$tested"
mkdir -p lib
cp src/sum.c lib/sum.c
sed -i 's/sum(/lib_sum(/; s/sign(/lib_sign(/' lib/sum.c
twins=$(commit lib/README 'a second sum.c')
propose
measure
hand_in all-code cobertura "$tmp/cobertura.xml"
rewritten 's,^SF:.*/sum\.c$,SF:sum.c,' "$twins"
push alice "$twins:refs/heads/main"
refused stage.gates 'a path that means two files'
says 'ERROR +new-code' 'is an error'
says 'lib/sum\.c or' 'that names one'
says 'src/sum\.c' 'and the other'
rewritten 's,^SF:.*/src/sum\.c$,SF:/job/src/sum.c,' "$twins"
push alice "$twins:refs/heads/main"
refused stage.gates 'with its folder it is clear, and the other has no test'
says 'lib/sum\.c: 1-13 \(not in the report\)' 'nor place in the report'

# A report about another commit counts for that one alone.
git checkout -q --detach "$tested"
other=$(commit src/other.c 'int other(int x)
{
	return x;
}')
propose
push alice "$other:refs/heads/main"
refused stage.gates 'a report about the commit before'
says 'MISSING +new-code' 'is none about this one'

# Neither attributes nor a NUL byte hide lines from a report that has them.
hidden() { # hidden WHAT: with a function that nothing runs
	sed -i 's/^int sum(int a, int b);/&\nint hidden(void);/' src/sum.h
	printf '\nint hidden(void)\n{\n\treturn 1;\n}\n' >>src/sum.c
	secret=$(commit src/more.h '' "$1")
	propose
	both "$1"
	push alice "$secret:refs/heads/main"
	refused stage.gates "$1 hide nothing"
}
git checkout -q --detach "$tested"
printf '*.c -diff -text\n*.c linguist-generated\n' >.gitattributes
hidden 'attributes'
says 'FAILED +new-code +new lines 0 of 2' 'attributes: the new lines are told'
says 'src/sum\.c: 15, 17 \(0 of 2 covered\)' 'attributes: and where they are'
git checkout -q --detach "$tested"
printf '/* \0 */\n' | cat - src/sum.c >src/x
mv src/x src/sum.c
hidden 'NUL bytes'
says 'FAILED +new-code +new lines 6 of 8' 'NUL bytes: every line is new'

# --- nonsense is refused when it is handed in ---

bad() { # bad FORMAT TEXT PATTERN WHAT
	printf '%s\n' "$2" >"$tmp/bad"
	hand_in "${gate:-new-code}" "$1" "$tmp/bad" "$tested"
	refused evidence.report "$4"
	says "$3" "$4: which it says"
}
bad lcov 'SF:src/sum.c
DA:1,1
DA:two,1
end_of_record' 'line 3, column 4: not the number' 'a line without number'
bad lcov 'SF:src/sum.c
DA:1,1' 'line 2, column 7' 'a report that is cut off'
bad lcov 'SF:src/sum.c
BOGUS:1
end_of_record' "line 2, column 1: no record 'BOGUS:1'" 'an unknown record'
bad lcov '<coverage/>' 'line 1, column 1' 'another format'
bad cobertura '<coverage/>' 'is judged by a report of the format lcov' 'a format not asked for'
gate=all-code
bad cobertura '<coverage>
<packages></coverage>' 'line 2, column 1[0-9]: mismatched tag' 'broken XML'
bad cobertura '<!DOCTYPE coverage [<!ENTITY a "b">]>
<coverage>&a;</coverage>' 'a DOCTYPE with' 'entities of its own'
bad cobertura "<coverage>$(printf '<x>%.0s' $(seq 40))" 'line 1, column 104: elements nest' 'too deep a nest'
evidence ci-bot new-code "$tested" pass
refused evidence.report 'no report at all'
says 'attest new-code --pass [0-9a-f]{8} --report FILE' 'and how to hand one in'
awk 'BEGIN { print "SF:src/sum.c"; for (i = 1; i < 700000; i++) print "DA:1,1"; print "end_of_record" }' >"$tmp/huge"
printf 'evidence: 1\ngate: new-code\nresult: pass\nreport: lcov\n---\n' |
	cat - "$tmp/huge" >"$tmp/statement"
git tag -f -a -F "$tmp/statement" "evidence/new-code/$tested" "$tested" >/dev/null
push_tag ci-bot "evidence/new-code/$tested"
refused evidence.size 'one that is too big'
finish
