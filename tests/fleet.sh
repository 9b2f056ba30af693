#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/fleet.sh BINARY [N]
# A made-up fleet of N firewalls, scanned in every way there is: one thread or many, in one run, in
# one that is killed and goes on, in shards on many workers that are put together. The results
# must be the same.
set -u
binary=$(realpath "${1:?usage: $0 BINARY [N]}")
n=${2:-120}
cd "$(dirname "$0")/.." || exit
root=$PWD
# shellcheck source=tests/lib.sh disable=SC1091
. tests/lib.sh
use_program "$binary"
PATH=$scratch/bin:$PATH
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 LC_ALL=C

check() { # NAME COMMAND...
	local name=$1 status=0
	shift
	"$@" >"$scratch/log" 2>&1 || status=$?
	count $status "$name"
	[ $status -eq 0 ] || tail -n 20 "$scratch/log"
}

# scan OUT OPTION...: findings (1) are a good answer.
scan() {
	local status=0
	asamend scan --no-policy --today 2027-01-01 fleet "$@" || status=$?
	[ $status -le 1 ]
}

# The records without the first, which says when and how.
same_records() {
	cmp <(tail -n +2 "$1") <(tail -n +2 "$2")
}

one_thread_or_many() {
	scan -o whole -j 1 && scan -o many -j 4 && same_records whole many
}

fits_the_schema() {
	python3 "$root/tests/schema_validate.py" --lines "$root/emitters/schema/scan.schema.json" <whole
}

# Killed when some of the records are there, a few times over; then it goes on to the end.
killed_and_resumed() {
	local pid all part
	all=$(stat -c %s whole)
	for part in 10 40 70; do
		asamend scan --no-policy --today 2027-01-01 fleet -j 2 --resume -o killed &
		pid=$!
		until [ "$(stat -c %s killed 2>/dev/null || echo 0)" -gt $((all * part / 100)) ] ||
			! kill -0 $pid 2>/dev/null; do
			sleep 0.01
		done
		kill -9 $pid 2>/dev/null
		wait $pid 2>/dev/null
	done
	scan -o killed --resume && same_records whole killed
}

audit_says_the_same() {
	find fleet -type f | sort | head -n 40 |
		xargs asamend audit --no-policy -f ndjson=audited # status 2: routers are among them
	cmp <(grep '^{"kind":"config"' audited) \
		<(grep '^{"kind":"config"' whole | head -n "$(grep -c '^{"kind":"config"' audited)")
}

# Formats that are made from the records are the same as by report.
formats() {
	scan -f ndjson=again -f json=direct && asamend report whole -f json >reported
	cmp direct reported
}

shards() {
	find fleet -type f | shuf --random-source=whole >list
	SHARE=$((n / 7 + 1)) SCAN='--no-policy --today 2027-01-01' \
		"$root/examples/fleet/many-machines.sh" sharded --jobs 3 <list
	asamend report whole -f json | grep -v '"\(skipped\|unreadable\)":' >one
	asamend report sharded -f json | grep -v '"\(skipped\|unreadable\)":' >put-together
	cmp one put-together
}

nightly() {
	mkdir nights
	cp whole nights/2026-01-01.ndjson
	asamend scan --no-policy fleet -o nights/2026-01-02.ndjson
	"$root/examples/fleet/nightly.sh" fleet nights >news
	[ ! -s news ]
}

"$root/tests/bench/make_fleet.sh" "$scratch/fleet" "$n"
mkdir "$scratch/work" && cd "$scratch/work" && mv ../fleet . || exit
check one_thread_or_many one_thread_or_many
check fits_the_schema fits_the_schema
check killed_and_resumed killed_and_resumed
check audit_says_the_same audit_says_the_same
check formats formats
check nightly nightly
if command -v parallel >/dev/null; then
	check shards shards
else
	echo "GNU parallel is not here: shards are not tried"
fi
echo "fleet: $passed passed, $failed failed"
[ $failed -eq 0 ]
