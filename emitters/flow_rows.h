/* SPDX-License-Identifier: ISC */
/* What the firewall does to each flow, in words; flows that fare alike in one row. */
#ifndef EMITTERS_FLOW_ROWS_H
#define EMITTERS_FLOW_ROWS_H

#include "emitters/console.h"
#include "emitters/packets.h"
#include "model/report.h"

enum flow_column {
	FLOW_COLUMN_FLOW,
	FLOW_COLUMN_PATH,
	FLOW_COLUMN_PERMITTED, /* of a flow off path: the reason, and no cell after it */
	FLOW_COLUMN_INSPECTED,
	FLOW_COLUMN_LIMITS,
	FLOW_COLUMN_COUNT
};

/* Flows of one appliance that differ in one interface only and have the same verdicts. */
struct flow_row {
	const struct flow *flow; /* the first of them */
	struct words from, to;
	struct str cell[FLOW_COLUMN_COUNT];
	struct words details; /* which part is meant by "partly", why a verdict is unknown */
};

struct flow_rows {
	VEC(struct flow_row) list;
};

/* How much the details tell. */
struct flow_details {
	bool all;         /* long lists whole */
	bool places;      /* by which lines a flow is inspected and limited, too */
	const char *hint; /* where the whole list is */
};

/* The flows of a config in their order, those that fare alike in the row of the first. */
struct flow_rows flow_rows(struct arena *arena, const struct config_report *config,
                           const struct flow_details *how);

/* How good the news of a cell is. */
enum style flow_cell_style(const struct flow *flow, enum flow_column column);

/* Kinds that are mail, so that an inspection of them is bad news. */
extern const bool flow_is_mail[FLOW_KIND_COUNT];

/* The addresses of an appliance: "192.0.2.1 (mapped: 198.51.100.1), ..." */
struct str hosts_text(struct arena *arena, const struct hosts *hosts);

#endif
