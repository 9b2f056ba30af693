/* SPDX-License-Identifier: ISC */
/* The words for what is known of a flow, as JSON and people read them. */
#include "model/flow.h"

const char *const flow_kind_names[FLOW_KIND_COUNT] = {
        [FLOW_SMTP_IN] = "smtp-in",
        [FLOW_SMTP_OUT] = "smtp-out",
        [FLOW_CPQ_QUARANTINE] = "cpq-quarantine",
        [FLOW_CPQ_RELEASE] = "cpq-release",
        [FLOW_SSH_CONFIG] = "ssh-config",
        [FLOW_SPAM_QUARANTINE] = "spam-quarantine",
        [FLOW_CUSTOM] = "custom",
};

const char *const verdict_names[VERDICT_COUNT] = {
        [VERDICT_NO] = "no",
        [VERDICT_YES] = "yes",
        [VERDICT_PARTLY] = "partly",
        [VERDICT_UNKNOWN] = "unknown",
};

const char *const why_about_names[ABOUT_COUNT] = {
        [ABOUT_PERMITTED] = "permitted",
        [ABOUT_INSPECTED] = "inspected",
        [ABOUT_ON_PATH] = "on_path",
};

const char *const why_code_names[WHY_COUNT] = {
        [WHY_NONE] = "none",
        [WHY_FQDN] = "fqdn",
        [WHY_MASKED] = "masked",
        [WHY_UNMODELLED] = "unmodelled",
        [WHY_RELEASE] = "release",
        [WHY_TWO_READINGS] = "two-readings",
        [WHY_TIME_RANGE] = "time-range",
        [WHY_IDENTITY] = "identity",
        [WHY_BUDGET] = "budget",
        [WHY_ROUTE] = "route",
};

const char *const limit_kind_names[LIMIT_KIND_COUNT] = {
        [LIMIT_CONN_MAX] = "conn-max",
        [LIMIT_EMBRYONIC] = "embryonic-conn-max",
        [LIMIT_PER_CLIENT] = "per-client-max",
        [LIMIT_PER_CLIENT_EMBRYONIC] = "per-client-embryonic-max",
        [LIMIT_POLICE] = "police",
};

const char *const limit_source_names[LIMIT_SOURCE_COUNT] = {
        [FROM_STATIC] = "static",
        [FROM_NAT] = "nat",
        [FROM_SET_CONNECTION] = "set-connection",
        [FROM_POLICE] = "police",
};
