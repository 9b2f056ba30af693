/* SPDX-License-Identifier: ISC */
#include "tests/property/fix_commands.h"

#include "tests/property/slow_mpf.h"
#include "tests/property/slow_permit.h"

/* Is the release known to be before major.minor(maintenance)? */
static bool before(const struct config *config, unsigned major, unsigned minor,
                   unsigned maintenance)
{
	const struct version v = config->version;
	if (!v.major)
		return false;
	if (v.major != major)
		return v.major < major;
	return v.minor != minor ? v.minor < minor : v.maintenance < maintenance;
}

const char *command_too_new(const struct config *config, struct str line)
{
	bool old = slow_fixups(config), list = str_starts(line, S("access-list "));
	if (old && (list || str_contains(line, S("class")) || str_contains(line, S("policy-map"))))
		return "no modular policies";
	if (!slow_dual_any(config) && list &&
	    (str_contains(line, S(":")) || str_contains(line, S("any4")) ||
	     str_contains(line, S("any6"))))
		return "no IPv6 in lists";
	if (str_contains(line, S("type inspect esmtp")) &&
	    (before(config, 7, 2, 1) || config->platform == PLATFORM_FWSM))
		return "no ESMTP maps";
	if (slow_real_addresses(config) &&
	    (str_starts(line, S("static ")) || str_starts(line, S("nat ("))))
		return "no static and nat of old";
	return NULL;
}

/* `clear conn address` came with 7.0(8), 7.2(4) and 8.0(4). */
static bool has_clear_conn(const struct config *config)
{
	const unsigned minor = config->version.minor;
	if (slow_fixups(config) || config->platform == PLATFORM_FWSM)
		return false;
	if (config->version.major == 7)
		return minor == 0   ? !before(config, 7, 0, 8)
		       : minor == 2 ? !before(config, 7, 2, 4)
		                    : false;
	return !before(config, 8, 0, 4);
}

const char *check_too_new(const struct config *config, struct str command)
{
	bool old = slow_fixups(config), fwsm = config->platform == PLATFORM_FWSM;
	struct str word, rest;
	if (str_starts(command, S("packet-tracer input "))) {
		str_cut((struct str){command.s + 20, command.n - 20}, ' ', &word, &rest);
		name_id name = config_find_name(config, word);
		bool known = false;
		VEC_EACH(const struct interface, ifc, &config->interfaces)
			known |= name && ifc->nameif == name;
		return old || fwsm || before(config, 7, 2, 1) ? "no packet-tracer"
		       : !known                               ? "no interface of that name"
		                                              : NULL;
	}
	if (str_starts(command, S("show service-policy")) && old)
		return "no service policies";
	if (str_starts(command, S("show fixup")) && !old)
		return "no fixups";
	if (str_starts(command, S("clear conn")) && !has_clear_conn(config))
		return "no clear conn by address";
	if (str_starts(command, S("show conn address")) && old)
		return "no show conn by address";
	return NULL;
}
