# A config of n interfaces beside two, each with a policy of its own.
# expect: fix proves a change of all policies, in a second and not in hours
# why: what a policy does on every way between two interfaces is compared, by two readings
function ifc(hw, name, level, address, mask) {
	printf "interface %s\n nameif %s\n security-level %d\n ip address %s %s\n", hw, name, level, address, mask
}
BEGIN {
	print "ASA Version 9.8(4)\nhostname fw1"
	ifc("GigabitEthernet0/0", "outside", 0, "203.0.113.1", "255.255.255.0")
	ifc("GigabitEthernet0/1", "inside", 100, "10.1.1.1", "255.255.255.0")
	for (i = 1; i <= n; i++)
		ifc("GigabitEthernet1/" i, "ifc" i, 50, "172.16." i ".1", "255.255.255.0")
	print "route outside 0.0.0.0 0.0.0.0 203.0.113.254 1"
	print "class-map inspection_default\n match default-inspection-traffic"
	print "policy-map global_policy\n class inspection_default\n  inspect dns\n  inspect esmtp"
	print "service-policy global_policy global"
	for (i = 1; i <= n; i++) {
		printf "access-list L%d extended deny tcp host 10.9.9.%d any eq smtp\n", i, i
		printf "access-list L%d extended permit tcp any any eq smtp\n", i
		printf "class-map c%d\n match access-list L%d\n", i, i
		printf "policy-map p%d\n class c%d\n  inspect esmtp\n", i, i
		printf "  set connection conn-max %d\n", 50 + i % 7
		printf "service-policy p%d interface ifc%d\n", i, i
	}
	print ": end"
}
