#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/check.sh [CORPUS]
# The tests of `make check`, when everything is built: runs all of them whatever fails, shows
# the log of what failed, and ends with the sum, "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit
corpus=${1-}
logs=build/check
asan=build/asan
mkdir -p $logs

passed=0 failed=0 # in all
suites=0          # of these, tests of the program itself

report() { # NAME PASSED FAILED
	passed=$((passed + $2))
	failed=$((failed + $3))
	if [ "$3" -eq 0 ]; then
		printf 'ok    %-10s %5d passed\n' "$1" "$2"
	else
		[ ! -f "$logs/$1.log" ] || tail -n 200 "$logs/$1.log"
		printf 'FAIL  %-10s %5d passed, %d failed (%s)\n' "$1" "$2" "$3" "$logs/$1.log"
	fi
	grep -s '^SKIPPED ' "$logs/$1.log"
}

# verdict NAME COMMAND...: one test, passed when the status is 0.
verdict() {
	local name=$1
	shift
	if "$@" >"$logs/$name.log" 2>&1; then
		report "$name" 1 0
	else
		report "$name" 0 1
	fi
}

# The last "NAME: N passed, N failed" of a log, or Criterion's sum: as two numbers.
numbers() {
	sed -E 's/\x1b\[[0-9;]*m//g' "$1" | awk '
		/^[a-z]+: [0-9]+ passed, [0-9]+ failed$/ { p = $2; f = $4; seen = 1 }
		/Synthesis: Tested: [0-9]+ \| Passing: [0-9]+/ {
			gsub(/[^0-9]+/, " ")
			p = $2; f = $1 - $2; seen = 1
		}
		END { if (seen) print p, f; else print 0, 0 }'
}

# suite NAME COMMAND...: many tests, which say their number.
suite() {
	local name=$1 status=0 p f
	shift
	"$@" >"$logs/$name.log" 2>&1 || status=$?
	read -r p f < <(numbers "$logs/$name.log")
	if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then
		echo "status $status" >>"$logs/$name.log"
		f=1
	fi
	suites=$((suites + p + f))
	report "$name" "$p" "$f"
}

property() {
	local source program p=0 f=0
	for source in tests/property/test_*.c; do
		program=$asan/${source%.c}
		if ASAN_OPTIONS=exitcode=99 timeout 600 "$program"; then
			p=$((p + 1))
		else
			f=$((f + 1))
			echo "FAILED $program"
		fi
	done
	echo "property: $p passed, $f failed"
	[ $f -eq 0 ]
}

format() ( # a line a file is enough: `make format` mends them
	set -o pipefail
	find model parser analyzers emitters cli tests -name '*.[ch]' -print0 |
		xargs -0r clang-format --dry-run -Werror 2>&1 |
		awk -F: '/: error: / ? !seen[$1]++ : /^xargs/'
)

there() { # any of these files
	compgen -G "$1" >/dev/null
}

while read -r build; do
	echo "the $build build failed: see above" >"$logs/$build.log"
	report "$build" 0 1
done < <(cat $logs/not-built 2>/dev/null)

verdict layers tests/check-layers.sh
verdict format format
[ ! -f docs/asamend.1 ] || verdict man mandoc -Tlint -Wwarning docs/asamend.1
# Criterion lets a test with a leak pass all the same: leaks are caught by the golden tests.
# Tests of what happens when memory runs out need a malloc that says so.
! there 'tests/unit/*.c' ||
	suite unit env ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 $asan/unit
! there 'tests/property/test_*.c' || suite property property
suite golden tests/golden.sh $asan/asamend tests/golden tests/reject
suite formats tests/formats.sh $asan/asamend
suite completion tests/completion.sh $asan/asamend
suite examples tests/examples.sh $asan/asamend
suite fleet tests/fleet.sh $asan/asamend
[ ! -d "$corpus" ] || suite corpus tests/corpus.sh $asan/asamend "$corpus"

if [ $suites -eq 0 ]; then
	echo 'FAIL  no test of the program ran'
	failed=$((failed + 1))
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
