/* SPDX-License-Identifier: ISC */
#include "analyzers/esmtp.h"

/*
 * The maintenance releases in which the default map began to allow TLS, per train
 * (asa-semantics section 7). From 9.4(1) on every train allows it on a new device.
 */
static const struct {
	uint16_t major, minor, maintenance, interim;
} allows_tls_from[] = {
        {8, 4, 7, 25}, {8, 5, 1, 23}, {8, 6, 1, 16}, {8, 7, 1, 15}, {9, 0, 4, 28},
        {9, 1, 6, 1},  {9, 2, 3, 2},  {9, 3, 1, 2},  {9, 3, 2, 2},
};

/*
 * Does the default strip STARTTLS? Before those releases it does; from them on a new
 * device allows TLS and an upgraded one keeps what it had (ruling 8).
 */
static enum effect default_strips_tls(const struct config *config)
{
	struct version version = config->version;
	if (config->platform == PLATFORM_FTD ||
	    (config->platform == PLATFORM_ASA && !version.major))
		return EFFECT_UNKNOWN;
	if (config->platform != PLATFORM_ASA || version_cmp(version, 8, 4, 0) < 0)
		return EFFECT_YES;
	if (version_cmp(version, 9, 4, 1) >= 0)
		return EFFECT_UNKNOWN;
	for (size_t i = 0; i < sizeof(allows_tls_from) / sizeof(allows_tls_from[0]); i++) {
		if (version.major != allows_tls_from[i].major ||
		    version.minor != allows_tls_from[i].minor)
			continue;
		bool later = version.maintenance > allows_tls_from[i].maintenance;
		bool same = version.maintenance == allows_tls_from[i].maintenance;
		/* 9.3 has two rows; the later one speaks for the maintenance releases after it. */
		bool next_row = i + 1 < sizeof(allows_tls_from) / sizeof(allows_tls_from[0]) &&
		                allows_tls_from[i + 1].major == version.major &&
		                allows_tls_from[i + 1].minor == version.minor;
		if (later && next_row)
			continue;
		return later || (same && version.interim >= allows_tls_from[i].interim)
		               ? EFFECT_UNKNOWN
		               : EFFECT_YES;
	}
	return EFFECT_YES;
}

struct esmtp_effects esmtp_effects(const struct config *config, const struct inspect *inspect)
{
	struct esmtp_effects effects = {.strips_tls = default_strips_tls(config),
	                                .masks_banner = EFFECT_YES};
	if (inspect->map == 0) {
		/* `show running-config all` prints the default map; then the text decides. */
		name_id name = config_find_name(config, S("_default_esmtp_map"));
		effects.map = name ? config_inspect_map(config, inspect->engine, name) : NULL;
		if (!effects.map)
			return effects;
	} else {
		effects.map = config_inspect_map(config, inspect->engine, inspect->map);
	}
	if (!effects.map) {
		effects.missing = true;
		effects.strips_tls = effects.masks_banner = EFFECT_UNKNOWN;
		return effects;
	}
	const struct inspect_map *map = effects.map;
	if (map->allow_tls != SETTING_ABSENT) {
		effects.strips_tls = map->allow_tls == SETTING_ON ? EFFECT_NO : EFFECT_YES;
		effects.tls_span = map->allow_tls_span;
	}
	/* A map of one's own has only what was put in it. */
	effects.masks_banner = map->mask_banner == SETTING_ON ? EFFECT_YES : EFFECT_NO;
	effects.banner_span = map->mask_banner_span;
	if (map->unknown)
		effects.strips_tls = effects.masks_banner = EFFECT_UNKNOWN;
	return effects;
}
