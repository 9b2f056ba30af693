/* SPDX-License-Identifier: ISC */
/*
 * Results as records, a JSON object a line: {"kind":"run"}, a {"kind":"config"} for each config, a
 * {"kind":"skipped"} or {"kind":"unreadable"} for each input without one, {"kind":"end"}. Without
 * the last a run was cut short (product.md, JSON `scan`).
 */
#ifndef EMITTERS_NDJSON_H
#define EMITTERS_NDJSON_H

#include "model/report.h"

/* One record with its line end each, appended to `out`. */
void ndjson_run(const char *tool_version, const struct run_info *run, struct buf *out);
void ndjson_config(const struct config_report *config, struct buf *out);
void ndjson_unread(const struct unread *unread, struct buf *out);
void ndjson_end(const struct summary *summary, struct buf *out);

#endif
