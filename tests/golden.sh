#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/golden.sh BINARY [--bless] DIR...
# Runs every case (a folder with a file `args`) below the DIRs and compares what the program
# says with what the case expects; --bless writes that down instead. README.md has the form.
set -u
here=$(dirname "$0")
# shellcheck source=tests/lib.sh
. "$here/lib.sh"

usage="usage: $0 BINARY [--bless] DIR..."
use_program "${1:?$usage}"
shift
action=check_case
if [ "${1-}" = --bless ]; then
	action=bless_case
	shift
fi
: "${1:?$usage}"

# The version, not as a part of a longer number: 10.0.1.0 is an address.
version=$(clean_sh 'asamend --version' 2>/dev/null </dev/null | awk 'NR == 1 { print $2 }')
hide_machine() {
	local number=(-e '')
	[ -z "$version" ] ||
		number=(-e "s/(^|[^0-9.])${version//./\\.}($|[^0-9.])/\\1@VERSION@\\2/g")
	sed -E -i "${number[@]}" -e "s|$scratch/tmp|@TMP@|g" "$@"
}

# Leaves out, err, and status (a number a line) in $scratch, and what is expected in $scratch/want.
run_case() {
	local dir=$1 stdin=/dev/null want=$scratch/want lines line file
	mapfile -t lines < <(grep -vE '^[[:space:]]*(#|$)' "$dir/args")
	[ ${#lines[@]} -gt 0 ] || lines=('')
	[ ! -f "$dir/stdin" ] || stdin=$dir/stdin
	rm -rf "$want" && mkdir "$want"
	truncate -s 0 "$scratch/out" "$scratch/err" "$scratch/status" "$want/err" "$want/status"
	for line in "${lines[@]}"; do
		# shellcheck disable=SC2016 # the $ is a prompt
		[ ${#lines[@]} -eq 1 ] || printf '$ asamend %s\n' "$line" >>"$scratch/out"
		(cd "$dir" && clean_sh "asamend $line") \
			<"$stdin" >>"$scratch/out" 2>>"$scratch/err"
		echo $? >>"$scratch/status"
		echo 0 >>"$want/status"
	done
	hide_machine "$scratch/out" "$scratch/err"
	for file in out err status; do
		[ ! -f "$dir/$file" ] || cp "$dir/$file" "$want/$file"
	done
}

# Sanitizers (99), timeouts (124) and signals are never an answer.
crashed() {
	awk '$1 == 99 || $1 >= 124 { bad = 1 } END { exit !bad }' "$scratch/status"
}

check_case() {
	local dir=$1 same=yes file
	for file in out err status; do
		if [ ! -f "$scratch/want/$file" ]; then
			echo "$dir/$file is not there; \`make bless\` writes it"
			same=
			continue
		fi
		diff -u --label "$dir/$file (expected)" --label "$dir/$file (actual)" \
			"$scratch/want/$file" "$scratch/$file" || same=
	done
	[ $same ] && ! crashed
}

# What is absent needs no file: an empty err, a status of nothing but zeros.
bless_case() {
	local dir=$1 file
	if crashed; then
		echo "$dir: crashed or timed out, not blessed"
		cat "$scratch/err"
		return 1
	fi
	grep -qv '^0$' "$scratch/status" || : >"$scratch/status"
	for file in out err status; do
		if [ $file != out ] && [ ! -s "$scratch/$file" ]; then
			rm -f "$dir/$file"
		elif ! cmp -s "$scratch/$file" "$dir/$file"; then
			cp "$scratch/$file" "$dir/$file"
			echo "blessed $dir/$file"
		fi
	done
}

while IFS= read -r -d '' args; do
	dir=${args%/args}
	run_case "$dir"
	$action "$dir"
	count $? "$dir"
done < <(find "$@" -name args -type f -print0 | sort -z)

echo "golden: $passed passed, $failed failed"
[ $failed -eq 0 ]
