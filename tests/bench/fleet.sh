#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/bench/fleet.sh BINARY [N]
# Scans a made-up fleet of N firewalls (10,000) on all processors, and a fifth of it: the time should
# grow as the fleet does, and the memory should not. Prints the throughput beside that of
# `cat | wc -l` on the same files, and fails where five times the firewalls take more than twice
# the memory or eight times the time.
set -eu
program=$(realpath "${1:?usage: $0 BINARY [N]}")
n=${2:-10000}
folder=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$folder/make_fleet.sh" "$work/fleet" "$n"
cd "$work"
mkdir few
find fleet -type f | sort | awk 'NR % 5 == 1' | xargs cp -t few

# measure PATH: seconds and kilobytes of a scan
measure() {
	local status=0
	/usr/bin/time -f '%e %M' -o measured "$program" scan --no-policy "$1" -f ndjson=records ||
		status=$?
	[ $status -le 1 ]
	tail -n 1 measured
}

begun=$(date +%s.%N)
lines=$(find fleet -type f -print0 | xargs -0 cat | wc -l)
read_seconds=$(awk -v a="$begun" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
read -r few_seconds few_memory < <(measure few)
read -r seconds memory < <(measure fleet)
awk -v n="$n" -v lines="$lines" -v cat="$read_seconds" -v t="$seconds" -v m="$memory" \
	-v few_t="$few_seconds" -v few_m="$few_memory" 'BEGIN {
	printf "scan: %d firewalls, %d lines in %.1f s: %.0f firewalls a second, %.0f times the time of cat | wc -l\n",
		n, lines, t, n / t, t / cat
	printf "scan: 5 times the firewalls: %.1f times the time, %.2f times the memory (%d MB)\n",
		t / few_t, m / few_m, m / 1024
	exit t / few_t > 8 || m / few_m > 2
}'
