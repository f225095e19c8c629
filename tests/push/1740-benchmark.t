#!/bin/sh
# benchmark: numbers that hyperfine and Google Benchmark measured, held to bounds
# and to those of what the stage has now.
. "${0%/*}/lib.sh"
command -v hyperfine >/dev/null || skip_all 'hyperfine is not here'
pkg-config --exists benchmark || skip_all 'Google Benchmark is not here'
server
policy <<'Y'
flow: benchmark-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people: {ci-bot: {robot: true}}
roles: {all: ["*"], ci: [ci-bot]}
gates:
  fast:
    kind: benchmark
    by: [ci]
    report: hyperfine
    limits:
      job.mean: {max: 20s, worse_by: 50%, and_by: 100ms}
      job.min: {max: 20}
  lean:
    kind: benchmark
    by: [ci]
    report: google-benchmark
    limits: {BM_job.cpu_time: {max: 12ms}}
  swift:
    kind: benchmark
    by: [ci]
    report: google-benchmark
    limits:
      job/8.real_time: {max: 100s}
      job/8_median.cpu_time: {max: 100s}
  broken:
    kind: benchmark
    by: [ci]
    report: google-benchmark
    limits: {fails.cpu_time: {max: 100s}}
  small:
    kind: benchmark
    by: [ci]
    report: metrics
    limits: {p99_ms: {max: 12.0, worse_by: 5%}, hits: {min: 0.5}}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: testing, refs: [refs/heads/staging], push: [all], gates: [fast]}
  - {name: lean, refs: [refs/heads/lean], from: [development], push: [all], gates: [lean]}
  - {name: swift, refs: [refs/heads/swift], from: [development], push: [all], gates: [swift]}
  - {name: broken, refs: [refs/heads/broken], from: [development], push: [all], gates: [broken]}
  - {name: small, refs: [refs/heads/small], from: [development], push: [all], gates: [small]}
Y
clone

n=0
candidate() { # candidate: a new commit on what is checked out, $c
	n=$((n + 1))
	c=$(commit a.txt "$n")
	push alice "$c:refs/heads/feature/$n"
}

# measure COMMAND..: what hyperfine says of it under the name job
measure() {
	hyperfine -N --warmup 1 --runs 3 --style none -n job \
		--export-json "$tmp/report" "$@" >"$tmp/log" 2>&1 ||
		note "$(cat "$tmp/log")"
	printf 'report: hyperfine\n---\n'
	cat "$tmp/report"
}

# google NAME UNIT NUMBER [ENTRIES]
google() {
	printf 'report: google-benchmark\n---\n{"context": {}, "benchmarks": [\n'
	printf '{"name": "%s", "run_type": "iteration", "real_time": 1, "cpu_time": %s, "time_unit": "%s"}' \
		"$1" "$3" "$2"
	printf '%s]}' "${4:-}"
}

# --- hyperfine ----------------------------------------------------------------

candidate
push alice "$c:refs/heads/staging"
refused stage.gates 'without a report'
says 'MISSING +fast' 'it is missing'
evidence ci-bot fast "$c" pass
refused evidence.report 'a pass with no report in it'
evidence ci-bot fast "$c" pass 'metrics: {job.mean: 0.001}'
refused evidence.report 'nor with numbers of its own'
evidence ci-bot fast "$c" pass "$(google job ms 1)"
refused evidence.report 'nor with another format'
evidence ci-bot fast "$c" pass 'report: hyperfine
---
{"results": [
  {"command": "job", "mean": 0.001 "min": 0.001}
]}'
refused evidence.report 'a report that is no JSON'
says 'line 2, column' 'it is said where'
evidence ci-bot fast "$c" pass 'report: hyperfine
---
{"results": [{"command": "job", "mean": 0.001, "exit_codes": [0, 127]}]}'
refused evidence.report 'a command that was not found is fast'
evidence ci-bot fast "$c" pass 'report: hyperfine
---
{"results": [{"command": "job", "mean": 9}, {"command": "job", "mean": 0.001}]}'
refused evidence.report 'one name for two results'
evidence alice fast "$c" pass "$(measure true)"
refused evidence.not-allowed 'not everybody may hand it in'
evidence ci-bot fast "$c" pass "$(measure true)"
accepted 'what hyperfine measured'
push alice "$c:refs/heads/staging"
accepted 'is within bounds'
like "$(git -C "$S" notes --ref=stagegate show "$c")" 'fast: passed' 'and the gate has passed'
first=$c

candidate
evidence ci-bot fast "$c" pass "$(measure 'sleep 0.5')"
accepted 'much slower, which is measured as well'
push alice "$c:refs/heads/staging"
refused stage.gates 'and worse than what the stage has'
# Where it is broken into lines depends on what was measured.
flat=$(printf '%s\n' "$out" | sed 's/^remote: *//' | tr -s '\n ' '  ')
like "$flat" 'FAILED fast job\.mean [0-9.]+ m?s, was [0-9.]+ [mun]?s: worse by [0-9.]+% and [0-9.]+ m?s, at most 50% and 100 ms' \
    'it says by how much, and how much would do'
ref_is refs/heads/staging "$first" 'the stage has not moved'
evidence ci-bot fast "$c" pass "$(measure true)"
push alice "$c:refs/heads/staging"
accepted 'measured again, and as fast as before'

candidate
evidence ci-bot fast "$c" pass 'report: hyperfine
---
{"results": [{"command": "job", "mean": 20.5, "min": 21}]}'
push alice "$c:refs/heads/staging"
refused stage.gates 'over both bounds, and worse'
says 'FAILED +fast +job\.mean 20\.5 s, limit 20 s' 'the first is told'
says 'job\.mean 20\.5 s, was' 'and the next'
says 'job\.min 21 s, limit 20 s' 'a number without a unit is in seconds'
evidence ci-bot fast "$c" pass "$(measure true | sed 's/"job"/"job2"/')"
push alice "$c:refs/heads/staging"
refused stage.gates 'another name'
says 'job\.mean is not in the report' 'is another metric'
cp "$tmp/report" "$tmp/report.json"
out=$(REMOTE_USER=ci-bot "$stagegate" attest fast --pass --report "$tmp/report.json" 2>&1)
is "$?" 0 'a report that the command hands in'
push alice "$c:refs/heads/staging"
accepted 'counts as well'

# --- Google Benchmark ---------------------------------------------------------

evidence ci-bot lean "$c" pass "$(google BM_job us 12500)"
push alice "$c:refs/heads/lean"
refused stage.gates 'over a bound in another unit'
says 'BM_job\.cpu_time 12\.5 ms, limit 12 ms' 'both are told in one'
evidence ci-bot lean "$c" pass "$(google BM_job us 12500 ', {"name": "BM_job", "cpu_time": 1, "time_unit": "us", "run_type": "aggregate"}')"
refused evidence.report 'a second value under that name'
evidence ci-bot lean "$c" pass "$(google BM_job fortnight 1)"
refused evidence.report 'a unit of its own'
evidence ci-bot lean "$c" pass "$(google BM_other ns 1 ', {"name": "BM_job", "cpu_time": 0, "time_unit": "ns", "error_occurred": true}')"
push alice "$c:refs/heads/lean"
refused stage.gates 'a benchmark that failed'
evidence ci-bot lean "$c" pass "$(google BM_job ns 11999999)"
push alice "$c:refs/heads/lean"
accepted 'within the bound'

cat >"$tmp/bench.cc" <<'X'
#include <benchmark/benchmark.h>
static void job(benchmark::State &state)
{
	for (auto _ : state)
		benchmark::DoNotOptimize(&state);
	state.SetComplexityN(state.range(0));
}
static void fails(benchmark::State &state)
{
	for (auto _ : state) {
		state.SkipWithError("no");
		break;
	}
}
BENCHMARK(job)->RangeMultiplier(8)->Range(1, 8)->Complexity(benchmark::oN);
BENCHMARK(fails);
BENCHMARK_MAIN();
X
# shellcheck disable=SC2046 # a list of flags
g++ -O1 "$tmp/bench.cc" -o "$tmp/bench" $(pkg-config --cflags --libs benchmark) -lpthread &&
	"$tmp/bench" --benchmark_min_time=0.001 --benchmark_repetitions=3 \
		--benchmark_out="$tmp/bench.json" --benchmark_out_format=json >"$tmp/log" 2>&1
is "$?" 0 'a program that measures itself'
measured=$(printf 'report: google-benchmark\n---\n' && cat "$tmp/bench.json")
evidence ci-bot swift "$c" pass "$measured"
accepted 'repetitions and their aggregates'
push alice "$c:refs/heads/swift"
accepted 'are within bounds'
evidence ci-bot broken "$c" pass "$measured"
push alice "$c:refs/heads/broken"
refused stage.gates 'what ended in an error'
says 'fails\.cpu_time is not in the report' 'was not measured'

# --- numbers of the statement itself --------------------------------------------

evidence ci-bot small "$c" pass 'metrics: {p99_ms: 14.2, hits: 0.75}'
accepted 'numbers of its own'
push alice "$c:refs/heads/small"
refused stage.gates 'over a bound'
says 'FAILED +small +p99_ms 14\.2, limit 12' 'it is said which'
evidence ci-bot small "$c" pass 'metrics: {p99_ms: 1e999, hits: 0.75}'
refused evidence.key 'a number that is none'
out=$(REMOTE_USER=ci-bot "$stagegate" attest small --pass --metric p99_ms=10 --metric hits=0.75 2>&1)
is "$?" 0 'numbers that the command hands in'
push alice "$c:refs/heads/small"
accepted 'within'
candidate
evidence ci-bot small "$c" pass 'metrics: {p99_ms: 11, hits: 0.4}'
push alice "$c:refs/heads/small"
refused stage.gates 'worse'
says 'p99_ms 11, was 10: worse by 10\.0% and 1, at most 5%' 'than before'
says 'hits 0\.4, at least 0\.5' 'and too few'
finish
