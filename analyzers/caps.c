/* SPDX-License-Identifier: ISC */
/* AM201 to AM208: limits and timeouts that throttle mail. */
#include "analyzers/audit.h"

static const char *const kind_texts[LIMIT_KIND_COUNT] = {
        [LIMIT_CONN_MAX] = "connections",
        [LIMIT_EMBRYONIC] = "half-open connections",
        [LIMIT_PER_CLIENT] = "connections a client",
        [LIMIT_PER_CLIENT_EMBRYONIC] = "half-open connections a client",
        [LIMIT_POLICE] = "bits a second",
};

static bool is_embryonic(enum limit_kind kind)
{
	return kind == LIMIT_EMBRYONIC || kind == LIMIT_PER_CLIENT_EMBRYONIC;
}

bool audit_is_low(const struct audit *audit, const struct limit_hit *hit)
{
	const struct limits_wanted *wanted = &audit->policy->limits;
	uint32_t minimum =
	        is_embryonic(hit->kind) ? wanted->min_embryonic : wanted->min_connections;
	return minimum == 0 || hit->value < minimum;
}

static bool is_migrated(const struct audit *audit, const struct bound *bound)
{
	return bound->policy &&
	       (str_starts(audit_name(audit, bound->policy->name), S("policy-conn-param-")) ||
	        str_starts(audit_name(audit, bound->class->name), S("class-conn-param-")));
}

enum rule_index audit_limit_rule(const struct audit *audit, const struct bound *bound)
{
	bool embryonic = is_embryonic(bound->hit.kind);
	if (bound->hit.source == FROM_POLICE)
		return RULE_AM207;
	if (bound->hit.source != FROM_SET_CONNECTION)
		return embryonic ? RULE_AM202 : RULE_AM201;
	if (is_migrated(audit, bound))
		return RULE_AM205;
	return embryonic ? RULE_AM204 : RULE_AM203;
}

static struct str cap_text(struct audit *audit, const struct flow *flow, const struct bound *bound)
{
	const struct limit_hit *hit = &bound->hit;
	bool client = bound->lane->client_is_appliance && !bound->lane->server_is_appliance;
	const char *consequence = "";
	if (hit->kind == LIMIT_CONN_MAX)
		consequence = "; beyond them new connections are refused until one closes";
	else if (hit->kind == LIMIT_PER_CLIENT && client)
		consequence = "; the appliance is the client, so this caps the whole site's mail";
	else if (hit->kind == LIMIT_PER_CLIENT)
		consequence = "; beyond them new connections are silently dropped";
	else if (is_embryonic(hit->kind))
		consequence = "; beyond them the firewall answers for the server (TCP intercept)";
	(void)flow;
	return str_printf(audit->arena, "%.*s %s at most %u %s%s", STR(hit->at_fault),
	                  hit->source == FROM_POLICE ? "lets through" : "allows", hit->value,
	                  kind_texts[hit->kind], consequence);
}

static void witness_bound(struct audit *audit, struct finding *finding, const struct bound *bound)
{
	audit_witness(audit, finding, bound->lane, &bound->box);
}

/*
 * A class lets the mail go, a static of one host is its own, and of `nat` one for the host alone
 * goes first (asa-semantics 4.2). A network, or what a list says, is shared.
 */
static enum fix_kind how_to_lift(const struct bound *bound)
{
	const struct legacy_nat *nat = bound->nat;
	if (bound->hit.source == FROM_POLICE)
		return FIX_NONE;
	bool shared = nat && (nat->acl || nat->outside ||
	                      (nat->kind == NAT_STATIC && nat->real.lo != nat->real.hi));
	return shared ? FIX_UNSAFE : FIX_SAFE;
}

static void find_cap(struct audit *audit, const struct flow *flow, const struct bound *bound)
{
	struct str fault = str_printf(audit->arena, "%.*s %s", STR(bound->hit.at_fault),
	                              limit_kind_names[bound->hit.kind]);
	struct finding *finding = audit_find(audit, audit_limit_rule(audit, bound), flow, fault,
	                                     bound->certain, cap_text(audit, flow, bound));
	finding->fix = how_to_lift(bound);
	audit_evidence(audit, finding, bound->hit.span);
	witness_bound(audit, finding, bound);
}

/* AM206: an embryonic limit above the connections allowed, in the same translation or class. */
static void find_contradiction(struct audit *audit, const struct flow_work *work)
{
	VEC_EACH(const struct bound, max, &work->bounds) {
		VEC_EACH(const struct bound, emb, &work->bounds) {
			bool pair = (max->hit.kind == LIMIT_CONN_MAX &&
			             emb->hit.kind == LIMIT_EMBRYONIC) ||
			            (max->hit.kind == LIMIT_PER_CLIENT &&
			             emb->hit.kind == LIMIT_PER_CLIENT_EMBRYONIC);
			bool together = max->hit.source == emb->hit.source &&
			                str_eq(max->hit.at_fault, emb->hit.at_fault);
			if (!pair || !together || emb->hit.value <= max->hit.value)
				continue;
			struct str message = str_printf(audit->arena,
			                                "the limit of %u half-open connections can "
			                                "never act: only %u connections are "
			                                "allowed in all",
			                                emb->hit.value, max->hit.value);
			struct finding *finding =
			        audit_find(audit, RULE_AM206, work->flow, max->hit.at_fault,
			                   max->certain && emb->certain, message);
			audit_evidence(audit, finding, max->hit.span);
			audit_evidence(audit, finding, emb->hit.span);
			witness_bound(audit, finding, max);
		}
	}
}

/* AM206 too: NAT and MPF both limit; the lower acts (ruling 6). */
static void find_double_limit(struct audit *audit, const struct flow_work *work)
{
	VEC_EACH(const struct bound, nat, &work->bounds) {
		if (!nat->nat)
			continue;
		VEC_EACH(const struct bound, mpf, &work->bounds) {
			if (mpf->hit.source != FROM_SET_CONNECTION ||
			    mpf->hit.kind != nat->hit.kind || mpf->hit.value == nat->hit.value)
				continue;
			bool nat_acts = nat->hit.value < mpf->hit.value;
			struct str message = str_printf(
			        audit->arena,
			        "the translation allows %u %s, the class %u; the lower acts, so "
			        "`%s` has no effect",
			        nat->hit.value, kind_texts[nat->hit.kind], mpf->hit.value,
			        nat_acts ? "set connection" : "the translation's limit");
			struct finding *finding =
			        audit_find(audit, RULE_AM206, work->flow, mpf->hit.at_fault,
			                   nat->certain && mpf->certain, message);
			audit_evidence(audit, finding, nat->hit.span);
			audit_evidence(audit, finding, mpf->hit.span);
			witness_bound(audit, finding, mpf);
		}
	}
}

/* --- AM208 ------------------------------------------------------------------------------ */

/* RFC 5321, 4.5.3.2: a client waits ten minutes for the reply to the end of data. */
static const uint32_t smtp_idle_seconds = 600;

static void find_idle(struct audit *audit, const struct flow_work *work,
                      const struct setting_number *timeout, struct str at_fault,
                      const struct lane *lane, const struct box *box)
{
	if (!timeout->set || timeout->value == 0 || timeout->value >= smtp_idle_seconds)
		return;
	VEC_EACH(const struct finding, old, &audit->report->findings.list)
		if (old->rule == &rules[RULE_AM208] && old->flow == work->flow &&
		    str_eq(old->at_fault, at_fault))
			return;
	struct str message = str_printf(
	        audit->arena,
	        "idle connections end after %u seconds; SMTP may be silent for 10 minutes "
	        "while the server takes a message (RFC 5321, 4.5.3.2)",
	        timeout->value);
	struct finding *finding =
	        audit_find(audit, RULE_AM208, work->flow, at_fault, true, message);
	audit_evidence(audit, finding, timeout->span);
	audit_witness(audit, finding, lane, box);
}

/*
 * A class with tcp-state-bypass has an idle timeout of its own from 9.10(1): two minutes where
 * the class sets none (asa-semantics section 5).
 */
static const uint32_t bypass_idle_seconds = 120;

static bool bypass_has_own_timeout(const struct config *config)
{
	return config->platform == PLATFORM_ASA && config->version.major &&
	       version_cmp(config->version, 9, 10, 1) >= 0;
}

static void find_bypass_idle(struct audit *audit, const struct flow_work *work,
                             const struct lane *lane)
{
	struct reading reading = {false, false};
	struct pieces pieces = {0};
	if (!bypass_has_own_timeout(audit->config))
		return;
	mpf_classify(audit->arena, audit->config, FEATURE_TCP, &lane->passage, reading, &pieces);
	VEC_EACH(const struct piece, piece, &pieces.list) {
		const struct policy_class *class = piece->claims ? piece->claims->class : NULL;
		if (!class || !class->state_bypass || class->timeouts[TIMEOUT_IDLE].set)
			continue;
		struct setting_number two_minutes = {true, bypass_idle_seconds,
		                                     class->state_bypass_span};
		struct box box = piece->box;
		lane_to_real(lane, &box);
		find_idle(audit, work, &two_minutes, audit_name(audit, class->name), lane, &box);
	}
}

/* The idle timeout in force: of the class that owns the packets, else the global one. */
static void find_idle_timeouts(struct audit *audit, const struct flow_work *work)
{
	struct reading reading = {false, false};
	VEC_EACH(const struct lane, lane, &work->lanes) {
		struct pieces pieces = {0};
		mpf_classify(audit->arena, audit->config, FEATURE_CONN, &lane->passage, reading,
		             &pieces);
		find_bypass_idle(audit, work, lane);
		VEC_EACH(const struct piece, piece, &pieces.list) {
			const struct policy_class *class =
			        piece->claims ? piece->claims->class : NULL;
			const struct setting_number *timeout = &audit->config->timeout_conn;
			struct box box = piece->box;
			lane_to_real(lane, &box);
			if (class && class->timeouts[TIMEOUT_IDLE].set)
				find_idle(audit, work, &class->timeouts[TIMEOUT_IDLE],
				          audit_name(audit, class->name), lane, &box);
			else
				find_idle(audit, work, timeout, S("timeout conn"), lane, &box);
		}
	}
}

void audit_cap_rules(struct audit *audit)
{
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		enum flow_kind kind = work->flow->kind;
		if (!work->flow->on_path || kind == FLOW_SSH_CONFIG || kind == FLOW_SPAM_QUARANTINE)
			continue;
		VEC_EACH(const struct bound, bound, &work->bounds)
			if (bound->hit.source == FROM_POLICE || audit_is_low(audit, &bound->hit))
				find_cap(audit, work->flow, bound);
		find_contradiction(audit, work);
		find_double_limit(audit, work);
		find_idle_timeouts(audit, work);
	}
}
