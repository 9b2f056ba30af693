# SPDX-License-Identifier: ISC
# Usage: awk -v family=FAMILY -v want={config|packets} -v aces=N -v packets=N -f trace_config.awk
# A config as large sites have them, or packets for it. Packets go to entries all over the lists,
# beside them, to published servers from anywhere, outwards, and nowhere; no two have the same ends.
#
# list: ASA 9.8 with one access-list and hardly anything else.
# asa9: ASA 9.8 with object and twice NAT, routes, object-groups, classes by access-list, IPv6.
# asa8: ASA 8.2 with statics, nat and global, policy NAT, exemption.
# pix6: PIX 6.3 with conduits.
# many: ASA 9.8 with lists in and out of several interfaces, and a global one.

function below(n) {
	state = state * 16807 % 2147483647
	return int((state - 1) * n / 2147483646)
}

function ip(n) {
	return int(n / 16777216) % 256 "." int(n / 65536) % 256 "." int(n / 256) % 256 "." n % 256
}

function pick(words) { return words[1 + below(words[0])] }

function list(words, text,   n) { n = split(text, words, " "); words[0] = n }

BEGIN {
	state = 20
	list(ports, "22 25 53 80 110 143 389 443 465 587 993 995 1433 1521 3306 3389 5060 8080 8443 9100")
	list(inner, "inside inside inside dmz1 dmz2 dmz3 dmz4")
	modern = family == "list" || family == "asa9" || family == "many"
	groups = family == "asa9" || family == "many"
	N_NETS = 200
	N_SERVERS = 200
	for (i = 0; i < N_NETS; i++) {
		net[i] = 10 * 16777216 + (64 + i) * 65536 + (i * 7 % 256) * 256
		net_ifc[i] = pick(inner)
	}
	for (i = 0; i < N_SERVERS; i++) {
		home[i] = i % N_NETS
		real[i] = net[home[i]] + 10 + int(i / N_NETS)
		public[i] = 203 * 16777216 + 112 * 256 + 16 + i
	}
	for (i = 0; i < 60; i++)
		remote[i] = 172 * 16777216 + (16 + i % 16) * 65536 + i * 256
	layout()
	if (want == "config")
		print_config()
	else
		print_packets()
}

# --- entries: who[] src, its mask's bits, dst, its bits, port; which list[] they are in

function layout(   i, r, ifc) {
	for (i = 0; i < aces; i++) {
		r = below(10)
		if (family == "list" || family == "pix6" || r < 7)
			from_outside(i)
		else
			from_inside(i)
		port[i] = below(4) ? pick(ports) : 1024 + below(20000)
		proto[i] = below(5) ? "tcp" : "udp"
		act[i] = below(20) ? "permit" : "deny"
	}
}

function from_outside(i,   s) {
	s = below(N_SERVERS)
	side[i] = "outside"
	src[i] = (20 + below(180)) * 16777216 + below(65536) * 256
	src_bits[i] = below(3) ? 24 : 32
	if (src_bits[i] == 32)
		src[i] += 1 + below(250)
	server[i] = s
	dst[i] = modern ? real[s] : public[s]
	dst_bits[i] = 32
}

function from_inside(i,   n) {
	n = below(N_NETS)
	side[i] = net_ifc[n]
	src[i] = net[n]
	src_bits[i] = 24
	server[i] = -1
	if (below(2)) {
		dst[i] = net[below(N_NETS)]
		dst_bits[i] = 24
	} else {
		dst[i] = (20 + below(180)) * 16777216 + below(16777216)
		dst_bits[i] = 32
	}
}

function mask(bits) { return bits == 32 ? "255.255.255.255" : "255.255.255.0" }

function end(address, bits) { return bits == 32 ? "host " ip(address) : ip(address) " " mask(bits) }

# --- the config

function print_interface(i, name, level, address, v6) {
	if (family == "pix6") {
		print "nameif ethernet" i " " name " security" level
		print "ip address " name " " address
		return
	}
	print "interface GigabitEthernet0/" i
	print " nameif " name
	print " security-level " level
	print " ip address " address
	if (v6 && modern)
		print " ipv6 address 2001:db8:" i "::1/48"
}

function print_config(   i) {
	print family == "pix6" ? "PIX Version 6.3(5)" : family == "asa8" ? "ASA Version 8.2(5)" : "ASA Version 9.8(2)"
	print "hostname bench"
	print_interface(0, "outside", 0, "203.0.112.1 255.255.252.0", 1)
	if (family == "list") {
		print_interface(1, "inside", 100, "10.0.0.1 255.0.0.0", 1)
		print_lists()
		print "object network mail\n host 10.9.9.9\n nat (inside,outside) static 203.0.113.9"
		print "route outside 0.0.0.0 0.0.0.0 203.0.112.2 1"
		print_inspection()
		return
	}
	print_interface(1, "inside", 100, "10.1.0.1 255.255.0.0", 1)
	for (i = 1; i <= 4; i++)
		print_interface(i + 1, "dmz" i, 40 + i, "10." i + 1 ".0.1 255.255.0.0", 1)
	if (groups)
		print_objects()
	print_lists()
	if (modern)
		print_nat()
	else
		print_statics()
	print_routes()
	if (family == "pix6")
		print "fixup protocol smtp 25\nfixup protocol ftp 21\nfixup protocol http 80"
	else
		print_policy()
}

function print_objects(   i, k) {
	for (i = 0; i < N_SERVERS; i++)
		print "object network server-" i "\n host " ip(real[i])
	for (i = 0; i < 60; i++) {
		print "object network local-" i "\n subnet " ip(net[i]) " 255.255.255.0"
		print "object network remote-" i "\n subnet " ip(remote[i]) " 255.255.255.0"
	}
	for (i = 0; i < 10; i++)
		print "object network pat-" i "\n subnet 10." 64 + i * 20 ".0.0 255.252.0.0"
	for (i = 0; i < 100; i++) {
		print "object-group network clients-" i
		for (k = 0; k < 20; k++)
			print " network-object " ip((20 + (i * 20 + k) % 180) * 16777216 + (i * 331 + k * 7919) % 65536 * 256) " 255.255.255.0"
		print "object-group network servers-" i
		for (k = 0; k < 8; k++)
			print " network-object host " ip(real[(i * 8 + k) % N_SERVERS])
		print "object-group service ports-" i " tcp"
		for (k = 0; k < 5; k++)
			print " port-object eq " ports[1 + (i + k) % ports[0]]
	}
}

function group_entry(i) {
	return "tcp object-group clients-" i % 100 " object-group servers-" int(i / 3) % 100 " object-group ports-" int(i / 7) % 100
}

# which list an entry is in: some of the family "many" are in lists of the egress or in the global one
function list_of(i) {
	if (family != "many")
		return "in_" side[i]
	if (i % 5 == 0)
		return "everywhere"
	if (side[i] == "outside" && i % 3 == 0)
		return "out_" net_ifc[home[server[i]]]
	return "in_" side[i]
}

function print_entry(name, i) {
	used[name] = 1
	printf "access-list " name " extended "
	if (groups && side[i] == "outside" && i % 5 == 1)
		print "permit " group_entry(i)
	else if (groups && i % 20 == 2)
		print "permit tcp 2001:db8:" 100 + i % 4000 "::/48 host 2001:db8:1::" i % 200 " eq 25"
	else
		print act[i] " " proto[i] " " end(src[i], src_bits[i]) " " end(dst[i], dst_bits[i]) " eq " port[i]
}

function print_lists(   i, name) {
	for (i = 0; i < aces; i++) {
		if (family == "pix6") {
			print "conduit " act[i] " " proto[i] " " end(dst[i], dst_bits[i]) " eq " port[i] " " end(src[i], src_bits[i])
			continue
		}
		print_entry(list_of(i), i)
		if (list_of(i) ~ /^out_/)
			print_entry("in_outside", i)
	}
	for (name in used)
		sorted[++n_sorted] = name
	sort_names()
	for (i = 1; i <= n_sorted; i++) {
		name = sorted[i]
		if (name ~ /^in_(inside|dmz)|^out_/)
			print "access-list " name " extended permit tcp any any eq 443"
		if (name ~ /^in_inside|^out_/)
			print "access-list " name " extended permit ip any any"
		if (name == "everywhere")
			print "access-group everywhere global"
		else
			print "access-group " name (name ~ /^in/ ? " in" : " out") " interface " substr(name, index(name, "_") + 1)
	}
}

function sort_names(   i, k, t) {
	for (i = 2; i <= n_sorted; i++)
		for (k = i; k > 1 && sorted[k] < sorted[k - 1]; k--) {
			t = sorted[k]; sorted[k] = sorted[k - 1]; sorted[k - 1] = t
		}
}

function print_nat(   i) {
	for (i = 0; i < 60; i++)
		print "nat (" net_ifc[i] ",outside) source static local-" i " local-" i " destination static remote-" i " remote-" i " no-proxy-arp route-lookup"
	for (i = 0; i < 30; i++)
		print "nat (inside,dmz1) source dynamic local-" i " interface destination static server-" i + 100 " server-" i + 100
	for (i = 0; i < N_SERVERS; i++)
		print "object network server-" i "\n nat (" net_ifc[home[i]] ",outside) static " ip(public[i])
	for (i = 0; i < 10; i++)
		print "object network pat-" i "\n nat (inside,outside) dynamic interface"
	print "nat (any,outside) after-auto source dynamic any interface"
}

function print_statics(   i) {
	for (i = 0; i < 60; i++)
		print "access-list nonat " (family == "pix6" ? "" : "extended ") "permit ip " ip(net[i]) " 255.255.255.0 " ip(remote[i]) " 255.255.255.0"
	print "nat (inside) 0 access-list nonat"
	for (i = 0; i < 30; i++) {
		print "access-list policy-" i " " (family == "pix6" ? "" : "extended ") "permit tcp " ip(net[i]) " 255.255.255.0 " ip((90 + i) * 16777216) " 255.0.0.0 eq 25"
		print "nat (inside) " 100 + i " access-list policy-" i
		print "global (outside) " 100 + i " " ip(203 * 16777216 + 113 * 256 + i)
	}
	for (i = 0; i < 20; i++) {
		print "access-list publish-" i " " (family == "pix6" ? "" : "extended ") "permit ip host " ip(net[i] + 99) " " ip((60 + i) * 16777216) " 255.0.0.0"
		print "static (" net_ifc[i] ",outside) " ip(203 * 16777216 + 114 * 256 + i) " access-list publish-" i
	}
	for (i = 0; i < 20; i++)
		print "static (" net_ifc[i + 20] ",outside) tcp " ip(203 * 16777216 + 114 * 256 + 100) " " 2000 + i " " ip(net[i + 20] + 50) " 25 netmask 255.255.255.255"
	for (i = 0; i < N_SERVERS; i++)
		print "static (" net_ifc[home[i]] ",outside) " ip(public[i]) " " ip(real[i]) " netmask 255.255.255.255"
	for (i = 0; i < 10; i++) {
		print "nat (inside) " 1 + i " 10." 64 + i * 20 ".0.0 255.252.0.0"
		print "global (outside) " 1 + i " " ip(203 * 16777216 + 113 * 256 + 200 + i)
	}
	print "nat (inside) 11 0.0.0.0 0.0.0.0\nglobal (outside) 11 interface"
	for (i = 1; i <= 4; i++)
		print "nat (dmz" i ") 11 0.0.0.0 0.0.0.0\nstatic (inside,dmz" i ") 10.0.0.0 10.0.0.0 netmask 255.0.0.0"
}

function print_routes(   i, name) {
	for (i = 0; i < N_NETS; i++) {
		name = net_ifc[i]
		print "route " name " " ip(net[i]) " 255.255.255.0 10." (name == "inside" ? 1 : substr(name, 4) + 1) ".0.2 1"
	}
	print "route outside 0.0.0.0 0.0.0.0 203.0.112.2 1"
}

function print_policy(   i, k) {
	for (i = 0; i < 19; i++) {
		for (k = 0; k < 12; k++)
			print "access-list class-" i " extended permit tcp any host " ip(modern ? real[i * 10 + k] : public[i * 10 + k]) " eq " ports[1 + (i + k) % ports[0]]
		print "class-map class-" i "\n match access-list class-" i
	}
	print "policy-map global_policy"
	for (i = 0; i < 19; i++)
		print " class class-" i "\n  set connection conn-max " 1000 + i " embryonic-conn-max " 100 + i
	print_inspection()
}

function print_inspection() {
	print "class-map inspection_default\n match default-inspection-traffic"
	print "policy-map global_policy"
	print " class inspection_default\n  inspect esmtp\n  inspect ftp\n  inspect sip\n  inspect dns"
	print "service-policy global_policy global"
}

# --- the packets

function published(s) { return family == "list" ? real[s] : public[s] }

function print_packets(   i, kind, e, s, in_ifc, from, to, at, p, v6) {
	for (i = 0; i < packets; i++) {
		e = below(aces); kind = below(20); in_ifc = side[e]; p = proto[e]; at = port[e]
		from = src[e] + (src_bits[e] == 24 ? 1 + below(250) : 0)
		to = dst[e] + (dst_bits[e] == 24 ? 1 + below(250) : 0)
		if (server[e] >= 0)
			to = published(server[e])
		if (kind >= 7 && kind < 11)
			at = below(65536)
		if (kind >= 11 && kind < 14) {
			in_ifc = "outside"
			from = (20 + below(180)) * 16777216 + below(16777216); to = published(below(N_SERVERS)); at = pick(ports)
		}
		if (family != "list" && kind >= 14 && kind < 18) {
			s = below(N_NETS); in_ifc = net_ifc[s]
			from = net[s] + 1 + below(250); to = (20 + below(180)) * 16777216 + below(16777216)
			at = below(3) ? 443 : pick(ports)
		}
		if (kind == 18) {
			from = below(4294967296); to = below(4294967296); at = below(65536)
		}
		v6 = kind == 19 && groups
		if (family != "list" && kind == 19) {
			s = below(60); in_ifc = net_ifc[s]; from = net[s] + 1 + below(250); to = remote[s] + 1 + below(250)
		}
		if (v6 && below(2)) {
			print_packet("outside", "tcp", "2001:db8:" 100 + below(4000) "::" sprintf("%x", below(65536)), 1024 + below(60000), "2001:db8:1::" below(200), 25)
			continue
		}
		print_packet(in_ifc, p, ip(from), 1024 + below(60000), ip(to), at)
	}
}

function print_packet(in_ifc, p, from, sport, to, dport) {
	printf "{\"input\":\"%s\",\"protocol\":\"%s\",\"src\":\"%s\",\"sport\":%d,\"dst\":\"%s\",\"dport\":%d}\n",
		in_ifc, p, from, sport, to, dport
}
