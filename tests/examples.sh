#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/examples.sh BINARY [--bless]
# What we show must be what happens: every examples/NAME.cmd (a command line) must print
# examples/NAME.out, and so must the transcript in README.md: its first block that starts
# with `$ asamend`. All run from the root. --bless rewrites the .out files, not README.md.
set -u
binary=$(realpath "${1:?usage: $0 BINARY [--bless]}")
bless=${2-}
cd "$(dirname "$0")/.." || exit
# shellcheck source=tests/lib.sh
. tests/lib.sh
use_program "$binary"

passed=0 failed=0
count() { # STATUS NAME
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $2"
	fi
}

# Findings (1) are a good answer; errors are not.
example() { # NAME.cmd
	local out=${1%.cmd}.out status=0
	clean_sh "$(head -n 1 "$1")" >"$scratch/out" 2>"$scratch/err" </dev/null || status=$?
	if [ $status -gt 1 ]; then
		echo "$1: status $status"
		cat "$scratch/err"
		return 1
	fi
	if [ "$bless" = --bless ]; then
		cp "$scratch/out" "$out"
	else
		diff -u "$out" "$scratch/out"
	fi
}

for cmd in examples/*.cmd; do
	[ -f "$cmd" ] || continue
	example "$cmd"
	count $? "$cmd"
done

# The block, and the same block as it really comes out.
if [ -f README.md ] && [ "$bless" != --bless ]; then
	awk '/^```/ { if (taken) exit; open = !open; first = open; next }
		first { taken = /^\$ asamend/; first = 0 }
		taken { print }' README.md >"$scratch/block"
	while IFS= read -r line; do
		printf '%s\n' "$line"
		clean_sh "${line#\$ }" 2>&1 </dev/null
	done < <(grep '^\$ ' "$scratch/block") >"$scratch/real"
	if [ -s "$scratch/block" ]; then
		diff -u --label README.md --label 'really' "$scratch/block" "$scratch/real"
		count $? README.md
	fi
fi

echo "examples: $passed passed, $failed failed"
[ $failed -eq 0 ]
