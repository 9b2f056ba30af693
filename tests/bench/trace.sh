#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/bench/trace.sh BINARY
# What a packet of `trace --packets` costs, whole and brief (-q): against counting the words of the
# same file with wc, and against the same packets where there is a tenth of the entries. Packets go
# to entries all over the list, beside them and nowhere. The best of five runs of each in turn, in
# processor time; only ratios are judged.
set -eu
program=${1:?usage: $0 BINARY}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packets=200000
TIMEFORMAT='%U %S'

# entries COUNT: the list alone, so that the packets' generator can read it
entries() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "172.%d.%d.0 10.%d.%d.%d %d\n",
				16 + i % 16, int(i / 16) % 256, i % 3, int(i / 3) % 251, 1 + i % 250, 1024 + i % 5000
	}'
}

config() {
	printf '%s\n' 'ASA Version 9.8(2)' 'hostname bench' \
		'interface GigabitEthernet0/0' ' nameif outside' ' security-level 0' \
		' ip address 203.0.113.1 255.255.255.0' \
		'interface GigabitEthernet0/1' ' nameif inside' ' security-level 100' \
		' ip address 10.0.0.1 255.0.0.0'
	entries "$1" | awk '{
		printf "access-list in extended permit tcp %s 255.255.255.0 host %s eq %s\n", $1, $2, $3
	}'
	printf '%s\n' 'access-list in extended permit tcp any host 10.9.9.9 eq smtp' \
		'access-group in in interface outside' \
		'object network mail' ' host 10.9.9.9' ' nat (inside,outside) static 203.0.113.9' \
		'route outside 0.0.0.0 0.0.0.0 203.0.113.254 1' \
		'class-map inspection_default' ' match default-inspection-traffic' \
		'policy-map global_policy' ' class inspection_default' '  inspect esmtp' '  inspect ftp' \
		'service-policy global_policy global'
}

# ask COUNT: packets for the first so many entries
ask() {
	entries "$1" | awk -v n="$packets" '
		{ src[NR] = $1; dst[NR] = $2; port[NR] = $3 }
		function below(n) { state = (state * 1103515245 + 12345) % 2147483648; return int(state / 8) % n }
		END {
			for (i = 0; i < n; i++) {
				e = 1 + below(NR); from = src[e]; to = dst[e]; at = port[e]; kind = below(10)
				if (kind > 6) at = below(65536)
				if (kind == 8) { from = "198." below(256) "." below(256) ".0"; to = "203.0.113.9"; at = 25 }
				if (kind == 9) to = "10." below(256) "." below(256) "." below(256)
				sub(/[0-9]+$/, below(256), from)
				printf "{\"input\":\"outside\",\"protocol\":\"tcp\",\"src\":\"%s\",\"sport\":%d,\"dst\":\"%s\",\"dport\":%d}\n",
					from, 1024 + below(60000), to, at
			}
		}'
}

config 10000 >"$work/large.cfg"
config 1000 >"$work/small.cfg"
ask 10000 >"$work/large"
ask 1000 >"$work/small"
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

# cost SIZE [OPTION]: without the time that reading the config takes
cost() {
	local all start
	start=$(best "$program" trace ${2-} "$work/$1.cfg" --packets "$work/none")
	all=$(best "$program" trace ${2-} "$work/$1.cfg" --packets "$work/$1")
	awk -v a="$all" -v b="$start" 'BEGIN { print a - b }'
}

failed=0

# judge NAME SECONDS SECONDS LIMIT WHAT
judge() {
	awk -v name="$1" -v t="$2" -v other="$3" -v limit="$4" -v what="$5" -v n="$packets" 'BEGIN {
		printf "%-6s %4d thousand packets a second: %.2f times %s\n", name, n / t / 1000, t / other, what
		exit t / other > limit
	}' || failed=1
}

words=$(best env LC_ALL=C wc -w "$work/large")
whole=$(cost large)
brief=$(cost large -q)
judge whole "$whole" "$words" 6 'wc -w on the packets'
judge brief "$brief" "$words" 4.5 'wc -w on the packets'
judge whole "$whole" "$(cost small)" 2.5 'the same at a tenth of the entries'
judge brief "$brief" "$(cost small -q)" 2.5 'the same at a tenth of the entries'
exit "$failed"
