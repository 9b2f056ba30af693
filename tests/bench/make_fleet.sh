#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/bench/make_fleet.sh FOLDER N [SEED]
# Writes N captures below FOLDER, a folder a customer: firewalls of all releases and sizes, some
# with faults (cut short, paging, CRLF, commands nobody knows, masked names), some copies of
# others, some routers. The same seed gives the same fleet.
set -euo pipefail

folder=${1:?FOLDER} n=${2:?N} seed=${3:-1}
mkdir -p "$folder"

awk -v folder="$folder" -v n="$n" -v seed="$seed" '
function rnd(k) { return int(rand() * k) }
function out(line) { text = text line eol; }
function host(i) { return "10." int(i / 65536) % 256 "." int(i / 256) % 256 "." i % 256 }

function interfaces(old,    i) {
	if (old) {
		out("nameif ethernet0 outside security0")
		out("nameif ethernet1 inside security100")
		out("ip address outside 203.0.113.2 255.255.255.0")
		out("ip address inside 10.1.1.1 255.255.0.0")
		return
	}
	for (i = 0; i < 2; i++) {
		out("interface GigabitEthernet0/" i)
		out(" nameif " (i ? "inside" : "outside"))
		out(" security-level " (i ? 100 : 0))
		out(" ip address " (i ? "10.1.1.1 255.255.0.0" : "203.0.113.2 255.255.255.0"))
		out("!")
	}
}

# Entries of others around the one that lets mail in.
function entries(many, server, word,    i) {
	for (i = 0; i < many; i++) {
		if (i == int(many / 2) && rnd(20))
			out("access-list outside_in " word "permit tcp any host " server " eq smtp")
		out("access-list outside_in " word (rnd(8) ? "permit" : "deny") " " \
			(rnd(3) ? "tcp" : "udp") " host " host(rnd(16777216)) " host " host(rnd(65536)) \
			" eq " (1 + rnd(65535)))
	}
	out("access-list outside_in " word "deny ip any any")
	out("access-group outside_in in interface outside")
}

function caps() { return rnd(3) ? "" : " tcp " (rnd(2) ? 0 : 20 + rnd(200)) " " (rnd(2) ? 0 : 100) }

function policy(word, exempt) {
	if (exempt) {
		out("access-list ESA extended deny tcp any host " (exempt == 2 ? "203.0.113.25" : "10.1.1.25") " eq smtp")
		out("access-list ESA extended permit tcp any any eq smtp")
		out("class-map ESA")
		out(" match access-list ESA")
	}
	out("class-map inspection_default")
	out(" match default-inspection-traffic")
	out("policy-map global_policy")
	out(" class inspection_default")
	out("  inspect ftp")
	if (!exempt)
		out("  inspect " word)
	if (exempt) {
		out(" class ESA")
		out("  inspect " word)
	}
	out("service-policy global_policy global")
}

function firewall(kind, number,    many, exempt) {
	many = rnd(10) ? 5 + rnd(60) : rnd(12) ? 200 + rnd(800) : 5000
	exempt = rnd(4) ? 0 : 1 + rnd(2)
	if (kind == "pix6") {
		out("PIX Version 6.3(5)"); out("hostname fw" number)
		out("fixup protocol smtp 25"); interfaces(1)
		entries(many, "203.0.113.25", "")
		out("static (inside,outside) 203.0.113.25 10.1.1.25 netmask 255.255.255.255 " (rnd(2) ? "50 100" : "0 0"))
		out("route outside 0.0.0.0 0.0.0.0 203.0.113.1 1")
		return
	}
	out((kind == "fwsm" ? "FWSM Version 4.0(4)" : kind ~ /^7/ ? "PIX Version " kind : "ASA Version " kind))
	out("hostname fw" number)
	interfaces(0)
	if (kind ~ /^(7|8\.2|fwsm)/) {
		entries(many, "203.0.113.25", "extended ")
		out("static (inside,outside) 203.0.113.25 10.1.1.25 netmask 255.255.255.255" caps())
		policy(kind == "fwsm" ? "smtp" : "esmtp", kind == "fwsm" ? 0 : exempt ? 3 - exempt : 0)
	} else {
		out("object network esa"); out(" host 10.1.1.25"); out(" nat (inside,outside) static 203.0.113.25")
		entries(many, "10.1.1.25", "extended ")
		policy("esmtp", exempt)
	}
	out("route outside 0.0.0.0 0.0.0.0 203.0.113.1 1")
}

function router(number) {
	out("version 15.1"); out("hostname r" number); out("interface GigabitEthernet0/0")
	out(" ip address 192.0.2.1 255.255.255.0"); out("router bgp 65000"); out("end")
}

function faults() {
	if (rnd(40) == 0) text = substr(text, 1, int(length(text) * 0.8))
	if (rnd(40) == 0) out("frobnicate the mail " rnd(1000))
	if (rnd(60) == 0) sub(/host 10\.1\.1\.25/, "host <removed>", text)
	if (rnd(60) == 0) sub(/\n/, "\n<--- More --->\n", text)
}

BEGIN {
	srand(seed)
	split("pix6 7.2(4) 8.2(5) 8.4(7) 9.1(7) 9.8(4) 9.16(4) fwsm", kinds, " ")
	for (i = 1; i <= n; i++) {
		eol = rnd(25) ? "\n" : "\r\n"
		if (!(rnd(20) == 0 && text != "")) { # else a copy of the one before
			text = ""
			if (rnd(30) == 0) router(i)
			else { firewall(kinds[1 + rnd(8)], i); out(": end") ; faults() }
		}
		customer = sprintf("%s/cust-%03d", folder, i % 100)
		if (!(customer in made)) { system("mkdir -p " customer); made[customer] = 1 }
		file = sprintf("%s/fw%05d.cfg", customer, i)
		printf "%s", text > file
		close(file)
	}
}'
