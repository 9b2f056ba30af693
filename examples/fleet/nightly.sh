#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: nightly.sh CONFIGS RESULTS
#
# For cron: scan the folder CONFIGS (a RANCID or Oxidized tree) and keep the records by day in
# RESULTS. What was found yesterday already is not told again; a run that was cut short goes on
# when this is started again on the same day. Prints what is new; status 1 when something is.
set -u
configs=${1:?usage: $0 CONFIGS RESULTS}
results=${2:?usage: $0 CONFIGS RESULTS}
today=$(date -u +%F)
last=$(find "$results" -name '*.ndjson' ! -name "$today.ndjson" | sort | tail -n 1)

asamend scan "$configs" --today "$today" --resume -o "$results/$today.ndjson" --fail-on never ||
	echo "some firewalls could not be read: see $results/$today.ndjson" >&2
asamend report "$results/$today.ndjson" ${last:+--baseline "$last"} -f text -q
