# Usage: sh knot.sh N: a config with N lines that all cross each other, permit and deny in turn.
cat head.cfg
awk -v n="$1" '
function roll(sides) { seed = (seed * 1103515245 + 12345) % 2147483648; return int(seed / 65536) % sides }
function ports(  lo) { lo = 1 + roll(20000); return "range " lo " " lo + 1 + roll(20000) }
function net(  width) { width = 2 ^ (5 + roll(3)); return roll(256 / width) * width ".0.0.0 " 256 - width ".0.0.0" }
BEGIN {
	for (i = 0; i < n; i++)
		print "access-list out extended", i % 2 ? "permit" : "deny", "tcp", net(), ports(), net(), ports()
}'
