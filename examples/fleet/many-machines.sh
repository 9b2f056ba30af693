#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: many-machines.sh RESULTS [PARALLEL-OPTION...] < LIST
#
# Scan the configs of LIST (paths, one a line) with GNU parallel: a share of 500 at a time goes to
# each processor of each machine, and all records come together in RESULTS. One machine is the
# rule; more are named to parallel:
#
#	git ls-files 'configs/*' | many-machines.sh tonight.ndjson --sshlogin :,audit2,audit3
#
# The machines must see the same files under the same paths (a shared folder, a checkout of the
# same commit). SCAN holds options for asamend scan, such as "--policy asamend.yaml".
#
#	asamend report --baseline yesterday.ndjson tonight.ndjson -f html=tonight.html
set -eu
results=${1:?usage: $0 RESULTS [PARALLEL-OPTION...] < LIST}
shift
# shellcheck disable=SC2086 # SCAN is several words
parallel "$@" --pipe -N "${SHARE:-500}" --keep-order \
	"asamend scan -j 1 --files-from - ${SCAN-} -f ndjson; [ \$? -le 1 ]" >"$results"
