#!/bin/sh
# `tests`: what decides is the JUnit report that googletest and pytest wrote,
# not the word `pass` in front of it.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: tests-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  ci: {robot: true}
roles: {all: ["*"], bots: [ci]}
gates:
  unit: {kind: tests, by: [bots], report: junit, min_tests: 2, max_skipped: 1}
  system: {kind: tests, by: [bots]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], rewind: true}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [unit]}
  - {name: testing, refs: [refs/heads/staging], push: [all], gates: [system]}
Y
clone

# --- a small project, its tests in C++ and in Python ------------------------

printf '/run\n*.xml\n*.o\n*.out\n__pycache__\n' >.gitignore
echo 'int add(int a, int b);' >add.h
cat >unit.cc <<'Y'
#include <gtest/gtest.h>
extern "C" {
#include "add.h"
}

TEST(Add, Adds)
{
	EXPECT_EQ(add(1, 2), 3);
	EXPECT_EQ(add(2, 2), 4);
}
TEST(Add, Zero)
{
	EXPECT_EQ(add(0, 0), 0);
}
TEST(Add, DISABLED_Overflow)
{
	FAIL();
}
Y
cat >test_system.py <<'Y'
import subprocess

import pytest


def test_it_runs():
    assert subprocess.run(["./run", "--gtest_list_tests"]).returncode == 0


@pytest.mark.skip(reason="not here")
def test_elsewhere():
    assert False
Y

add() { # add EXPRESSION: what the project does; the commit
	printf '#include "add.h"\nint add(int a, int b) { return %s; }\n' "$1" \
		>add.c
	git add -A
	git commit -q -m "add is $1"
	git rev-parse HEAD
}

unit_tests() { # unit_tests ARGS..: into unit.xml, whatever comes of it
	gcc -c add.c -o add.o &&
		g++ unit.cc add.o -lgtest -lgtest_main -lpthread -o run ||
		return
	./run --gtest_output=xml:unit.xml "$@" >/dev/null || :
}

system_tests() { # into system.xml
	/usr/bin/python3 -B -m pytest -q -p no:cacheprovider \
		--junitxml=system.xml test_system.py >/dev/null 2>&1 || :
}

# report USER GATE COMMIT RESULT FILE [FORMAT]
report() {
	evidence "$1" "$2" "$3" "$4" "report: ${6:-junit}
---
$(cat "$5")"
}

tried() { # tried REF COMMIT: what alice would read
	out=$("$stagegate" -C "$S" try "$1" "$2" --as alice 2>&1)
}

c=$(add 'a - b')
push alice "$c:refs/heads/feature/one"
accepted 'a branch with a mistake in it'

# --- reports that are not what the statement says ---------------------------

unit_tests
like "$(cat unit.xml)" 'tests="3" failures="1" disabled="1"' \
    'googletest has found it'
report ci unit "$c" pass unit.xml
accepted 'it is handed in as a pass'
push alice "$c:refs/heads/integration"
refused stage.gates 'which it is not'
says 'FAILED +unit +1 of 3 tests failed, at most 0' 'the row counts'
says 'Add.Adds' 'and names the test'
unlike "$out" 'Add.Zero' 'no other'

sed 's/ failures="1"/ failures="0"/; s/result="completed"/result="passed"/' \
	unit.xml >touched.xml
report ci unit "$c" pass touched.xml
accepted 'the numbers of its suites are touched up'
push alice "$c:refs/heads/integration"
refused stage.gates 'they are not believed'
says '1 of 3 tests failed' 'the tests are counted'

sed '/<failure/,/<\/failure>/d' unit.xml >touched.xml
report ci unit "$c" pass touched.xml
push alice "$c:refs/heads/integration"
refused stage.gates 'the failure is cut out, the number stays'
says 'suite Add says that it has failures and lists no' \
    'the suite contradicts its tests'

unit_tests --gtest_filter='*.Zero'
report ci unit "$c" pass unit.xml
push alice "$c:refs/heads/integration"
refused stage.gates 'only the test that passes was run'
says 'FAILED +unit +1 test ran, at least 2' 'there are too few'

unit_tests --gtest_filter='*.None'
report ci unit "$c" pass unit.xml
push alice "$c:refs/heads/integration"
refused stage.gates 'no test was run'
says 'no test ran, at least 2' 'which is none'
ref_is refs/heads/integration '' 'nothing of all that has entered'

# --- what is no report -------------------------------------------------------

evidence ci unit "$c" pass
refused evidence.report 'a pass without a report'
says 'is judged by a report' 'says what is missing'
says 'hint: .*stagegate attest unit --pass' 'and how to give it'
sed '$d' unit.xml >cut.xml
report ci unit "$c" pass cut.xml
refused evidence.report 'a report that was cut off'
says "the junit report can.t be read" 'is not taken'
says 'line [0-9]+, column [0-9]+' 'with its place'
report ci unit "$c" pass unit.xml lcov
refused evidence.report 'a report by another name'
cat >bomb.xml <<'Y'
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>
<testsuites><testsuite name="&b;"/></testsuites>
Y
report ci unit "$c" pass bomb.xml
refused evidence.report 'entities'
says 'a document type is' 'are not expanded'
echo '<html><testsuite><testcase name="a"/></testsuite></html>' >page.xml
report ci unit "$c" pass page.xml
refused evidence.report 'a page about tests'
report alice unit "$c" pass unit.xml
refused evidence.not-allowed 'a report by somebody who may not speak'

# --- the real thing ----------------------------------------------------------

c=$(add 'a + b')
unit_tests
push alice "$c:refs/heads/feature/one"
report ci unit "$c" pass unit.xml
accepted 'mended, and run again'
tried refs/heads/integration "$c"
says 'passed +unit +ci, [0-9]+ s ago: 3 tests, 1 skipped' \
    'the row tells the numbers'
push alice "$c:refs/heads/integration"
accepted 'enters'
ref_is refs/heads/integration "$c" 'it is there'

push alice "$c:refs/heads/staging"
refused stage.gates 'the next stage asks for its own tests'
says 'MISSING +system' 'which nobody has run'
says 'hint: system: stagegate attest system --pass [0-9a-f]{8} --report FILE' \
    'the hint asks for the report too'
system_tests
REMOTE_USER=ci "$stagegate" attest system "$c" --pass --report system.xml \
	>attest.out 2>&1
is "$?" 0 'stagegate attest takes what pytest wrote, by its looks'
tried refs/heads/staging "$c"
says 'passed +system +ci, [0-9]+ s ago: 2 tests, 1 skipped' 'pytest, read'
push alice "$c:refs/heads/staging"
accepted 'and it counts'

printf '\n\ndef test_broken(nothing):\n    pass\n' >>test_system.py
c2=$(add 'b + a')
push alice "$c2:refs/heads/feature/one"
unit_tests
report ci unit "$c2" pass unit.xml
push alice "$c2:refs/heads/integration"
accepted 'a change that breaks a test of the system'
system_tests
report ci system "$c2" pass system.xml
accepted 'the report comes as a pass'
push alice "$c2:refs/heads/staging"
refused stage.gates 'an error is a failure'
says 'FAILED +system +1 of 3 tests failed, at most 0' 'pytest has 3'
says 'test_system.test_broken' 'and this one is it'
ref_is refs/heads/staging "$c" 'staging is where it was'

words=$("$stagegate" -C "$S" explain | tr -s ' \n' ' ')
like "$words" 'unit the tests pass: 1 from @bots, report junit, min_tests 2,' \
    'explain tells what a report must say'
like "$words" 'system the tests pass: 1 from @bots \(tests\)' \
    'and nothing where nothing was said'
finish
