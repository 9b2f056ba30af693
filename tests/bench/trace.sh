#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/bench/trace.sh BINARY
# What a packet of `trace --packets` costs, whole and brief (-q), with the configs of
# trace_config.awk: against counting the words of the same file with wc, and against the same
# packets where there is a tenth of the entries. The best of five runs of each in turn, in processor
# time; only ratios are judged.
set -eu
program=${1:?usage: $0 BINARY}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packets=200000
TIMEFORMAT='%U %S'

make() { awk -v family="$1" -v want="$2" -v aces="$3" -v packets="$packets" -f "${0%/*}/trace_config.awk"; }

: >"$work/none"

# best COMMAND...: processor seconds of the best of five runs
best() {
	local least=999
	for _ in 1 2 3 4 5; do
		{ time "$@" >/dev/null; } 2>"$work/time"
		least=$(awk -v a="$least" '{ t = $1 + $2; print t < a ? t : a }' "$work/time")
	done
	echo "$least"
}

# cost NAME [OPTION]: without the time that reading the config takes
cost() {
	local all start
	start=$(best "$program" trace ${2-} "$work/$1.cfg" --packets "$work/none")
	all=$(best "$program" trace ${2-} "$work/$1.cfg" --packets "$work/$1")
	awk -v a="$all" -v b="$start" 'BEGIN { print a - b }'
}

failed=0

# judge FAMILY NAME SECONDS WORDS SMALL LIMIT
judge() {
	awk -v family="$1" -v name="$2" -v t="$3" -v words="$4" -v small="$5" -v limit="$6" -v n="$packets" 'BEGIN {
		printf "%-5s %-6s %4d thousand packets a second: %.2f times wc -w, %.2f times a tenth of the entries\n",
			family, name, n / t / 1000, t / words, t / small
		exit t / words > limit || t / small > 2.5
	}' || failed=1
}

# bench FAMILY LIMIT LIMIT: of the whole answer and the brief one, to wc -w
bench() {
	local words
	for aces in 10000 1000; do
		make "$1" config "$aces" >"$work/$aces.cfg"
		make "$1" packets "$aces" >"$work/$aces"
	done
	words=$(best env LC_ALL=C wc -w "$work/10000")
	judge "$1" whole "$(cost 10000)" "$words" "$(cost 1000)" "$2"
	judge "$1" brief "$(cost 10000 -q)" "$words" "$(cost 1000 -q)" "$3"
}

bench list 6 4.5
for family in asa9 asa8 pix6 many; do
	bench "$family" 9 6
done
exit "$failed"
