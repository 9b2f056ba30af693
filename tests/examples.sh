#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/examples.sh BINARY [--bless]
# What we show must be what happens: every examples/NAME.cmd (a command line) must print
# examples/NAME.out, and so must every transcript in README.md: a fenced block that starts with
# `$ asamend`, where the lines with a `$ ` are run. All run from the root. --bless writes down
# what is printed instead, in README.md too. The manual must have the commands and options of
# --help, and no others.
set -u
binary=$(realpath "${1:?usage: $0 BINARY [--bless]}")
bless=${2-}
cd "$(dirname "$0")/.." || exit
# shellcheck source=tests/lib.sh
. tests/lib.sh
use_program "$binary"

# run LINE: its output. Findings (1) are a good answer; errors are not.
run() {
	local status=0
	clean_sh "$1" 2>"$scratch/err" </dev/null || status=$?
	[ $status -gt 1 ] || return 0
	echo "status $status: $1" | cat - "$scratch/err" >>"$scratch/errors"
}

# settle EXPECTED: compare it with $scratch/real, or replace it.
settle() {
	if [ -s "$scratch/errors" ]; then
		cat "$scratch/errors"
		return 1
	fi
	if [ "$bless" = --bless ]; then
		cmp -s "$1" "$scratch/real" || cp "$scratch/real" "$1"
	else
		diff -u --label "$1" --label 'really' "$1" "$scratch/real"
	fi
}

# with_real_transcripts: standard input with the output in its transcripts as it comes out.
with_real_transcripts() {
	local line block='' # "": none; first: its first line comes; other; transcript
	while IFS= read -r line; do
		[ "$block" != first ] || case $line in
		'$ asamend'*) block=transcript ;;
		*) block=other ;;
		esac
		case $block:$line in
		:'```'*) block=first ;;
		*:'```'*) block='' ;;
		transcript:'$ '*)
			printf '%s\n' "$line"
			run "${line#\$ }"
			continue
			;;
		transcript:*) continue ;;
		esac
		printf '%s\n' "$line"
	done
}

for cmd in examples/*.cmd; do
	[ -f "$cmd" ] || continue
	: >"$scratch/errors"
	run "$(head -n 1 "$cmd")" >"$scratch/real"
	settle "${cmd%.cmd}.out"
	count $? "$cmd"
done

if [ -f README.md ]; then
	: >"$scratch/errors"
	with_real_transcripts <README.md >"$scratch/real"
	settle README.md
	count $? README.md
fi

# The commands and long options that --help tells, and those of the manual.
helped() {
	local command
	clean_sh 'asamend --help' | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' |
	while read -r command; do
		echo "$command"
		clean_sh "asamend $command --help"
	done | grep -oE -e '^[a-z]+$' -e '--[a-z][a-z-]+' | sort -u
}
documented() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Cm //p' "$1"
	grep -E '(^\.| )Fl ' "$1" | grep -oE ' -[a-z][a-z-]+' | sed 's/^ /-/' | sort -u
}

if [ -f docs/asamend.1 ]; then
	diff <(helped) <(documented docs/asamend.1 | sort -u)
	count $? 'docs/asamend.1 (< only in --help, > only in the manual)'
fi

echo "examples: $passed passed, $failed failed"
[ $failed -eq 0 ]
