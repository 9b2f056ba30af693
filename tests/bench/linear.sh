#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/bench/linear.sh BINARY
# Does twice the work take about twice the time? Each command is timed on N and on 2N, the best
# of five runs of each in turn, so that a busy machine slows both. Fails where the ratio says the
# work grows faster than its input. Times are printed for people; only the ratio is judged.
set -eu
program=${1:?usage: $0 BINARY}
limit=3 # a ratio of 2 is linear, 4 is quadratic
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# config ACES: a firewall with as many entries before the one that lets the mail in
config() {
	awk -v n="$1" 'BEGIN {
		print "ASA Version 9.8(2)\nhostname bench"
		print "interface GigabitEthernet0/0\n nameif outside\n security-level 0"
		print " ip address 203.0.113.1 255.255.255.0"
		print "interface GigabitEthernet0/1\n nameif inside\n security-level 100"
		print " ip address 10.0.0.1 255.0.0.0"
		for (i = 0; i < n; i++)
			printf "access-list in extended permit tcp 172.%d.%d.0 255.255.255.0 host 10.%d.%d.%d eq %d\n",
				16 + i % 16, int(i / 16) % 256, i % 3, int(i / 3) % 251, 1 + i % 250, 1024 + i % 5000
		print "access-list in extended permit tcp any host 10.9.9.9 eq smtp"
		print "access-group in in interface outside"
		print "route outside 0.0.0.0 0.0.0.0 203.0.113.254 1"
		print "class-map inspection_default\n match default-inspection-traffic"
		print "policy-map global_policy\n class inspection_default\n  inspect esmtp"
		print "service-policy global_policy global"
	}'
}

# lines FORMAT COUNT: a firewall with as many lines of a form, numbered where it has %d
lines() {
	config 0 | sed '/^class-map/,$d'
	awk -v form="$1\n" -v n="$2" 'BEGIN {
		print "class-map mail"
		for (i = 0; i < n; i++)
			printf form, i
	}'
}

# contexts COUNT: a capture of as many contexts
contexts() {
	local i
	config 0 | sed '1s/$/ <context>/; s/^hostname.*/hostname HOST/; $a : end' >"$work/context"
	for ((i = 0; i < $1; i++)); do
		sed "s/HOST/c$i/" "$work/context"
	done
}

# interfaces COUNT: a firewall with as many more of them
interfaces() {
	config 0 | sed '/^access-list/,$d'
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "interface GigabitEthernet1/0.%d\n vlan %d\n nameif v%d\n security-level 50\n ip address 172.%d.%d.1 255.255.255.0\n",
				i + 2, i + 2, i, 16 + i % 16, int(i / 16) % 256
	}'
	config 0 | sed -n '/^access-list/,$p'
}

# class_config ACES: a class by so many entries with groups on both sides; entries 30% and 70% of
# the way down are those of $2
class_config() {
	awk -v n="$1" -v changed="${2-}" '
	function pick(m) { seed = (seed * 1103515245 + 12345) % 2147483648; return int(seed / 65536) % m }
	BEGIN {
		seed = 5
		print "ASA Version 9.8(2)\nhostname bench"
		print "interface GigabitEthernet0/0\n nameif outside\n security-level 0"
		print " ip address 203.0.113.1 255.255.255.0"
		print "interface GigabitEthernet0/1\n nameif inside\n security-level 100"
		print " ip address 10.1.1.1 255.0.0.0"
		print "route outside 0.0.0.0 0.0.0.0 203.0.113.254 1"
		for (g = 0; g < 200; g++) {
			print "object-group network s" g
			for (k = 0; k < 12; k++)
				printf " network-object host 198.18.%d.%d\n", pick(256), 1 + pick(254)
			print "object-group network d" g
			for (k = 0; k < 12; k++)
				printf " network-object 10.%d.%d.0 255.255.255.0\n", pick(256), pick(256)
		}
		split("smtp www 7025 ftp 587", port, " ")
		for (i = 0; i < n; i++) {
			action = pick(10) < 7 ? "permit" : "deny"
			if (changed && (i == int(n * 0.3) || i == int(n * 0.7)))
				action = changed
			printf "access-list mail extended %s tcp object-group s%d object-group d%d eq %s\n",
				action, pick(200), pick(200), port[1 + pick(5)]
		}
		print "access-list mail extended permit tcp any any eq smtp"
		print "class-map mail\n match access-list mail"
		print "policy-map global_policy\n class mail\n  inspect esmtp"
		print "service-policy global_policy global"
	}'
}

# packets COUNT: as many questions, one a line
packets() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "{\"input\":\"outside\",\"protocol\":\"tcp\",\"src\":\"198.51.%d.%d\",\"sport\":%d,\"dst\":\"10.9.9.9\",\"dport\":25}\n",
				i % 256, int(i / 256) % 256, 1024 + i % 60000
	}'
}

# seconds COMMAND...: what one run takes; status 1 (there are findings) is an answer
seconds() {
	local start=$EPOCHREALTIME
	"$@" >"$work/out" || [ $? = 1 ] || exit 2
	[ -s "$work/out" ] || exit 2
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}

failed=0

# compare ARGUMENT...: runs the program with @ in its arguments read as small and as large
compare() {
	local small=999 large=999 took what=
	for took in "${@:2}"; do
		[[ $took != */@.* ]] || what=$what" ${took##*/}"
	done
	for _ in 1 2 3 4 5; do
		took=$(seconds "$program" "${@//@/small}")
		small=$(least "$small" "$took")
		took=$(seconds "$program" "${@//@/large}")
		large=$(least "$large" "$took")
	done
	awk -v name="$1$what" -v s="$small" -v l="$large" -v limit="$limit" 'BEGIN {
		printf "%-18s %.3f s, twice that %.3f s: ratio %.2f\n", name, s, l, l / s
		exit l / s > limit
	}' || failed=1
}

least() {
	awk -v a="$1" -v b="$2" 'BEGIN { print a < b ? a : b }'
}

n=10000
config "$n" >"$work/small.cfg"
config $((2 * n)) >"$work/large.cfg"
for size in small large; do
	sed '/host 10\.9\.9\.9/s/permit/deny/' "$work/$size.cfg" >"$work/$size.new"
done
packets 50000 >"$work/small.packets"
packets 100000 >"$work/large.packets"

for size in small large; do
	[ $size = small ] && k=1 || k=2
	lines 'frobnicate the mail' $((20000 * k)) >"$work/$size.unknown"
	lines ' match address list%d' $((10000 * k)) >"$work/$size.refused"
	lines ' match address list' $((10000 * k)) >"$work/$size.repeated"
	contexts $((1000 * k)) >"$work/$size.contexts"
	interfaces $((500 * k)) >"$work/$size.interfaces"
done

compare audit --esa 10.9.9.9 "$work/@.cfg"
for kind in unknown refused repeated contexts interfaces; do
	compare audit --no-policy --esa 10.9.9.9 "$work/@.$kind"
done
compare fix --esa 10.9.9.9 "$work/@.cfg"
compare diff "$work/@.cfg" "$work/@.new"
factor=1
for size in small large; do
	class_config $((n * factor)) permit >"$work/$size.class"
	class_config $((n * factor)) deny >"$work/$size.class.new"
	factor=2
done
compare fix --esa 10.1.1.5 "$work/@.class"
compare diff "$work/@.class" "$work/@.class.new"
compare trace --packets "$work/@.packets" "$work/small.cfg"
exit "$failed"
