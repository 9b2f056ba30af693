#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/check-layers.sh
# Prints every include against the arrows as file:line and fails if there is one:
#   cli -> emitters -> model, cli -> analyzers -> model, cli -> parser -> model
# Includes of our own are written from the root ("model/acl.h"), or their layer cannot be seen.
set -u
cd "$(dirname "$0")/.." || exit

# check LAYER ALLOWED...
check() {
	local layer=$1
	shift
	[ -d "$layer" ] || return 0
	# shellcheck disable=SC2016 # awk's own dollars
	find "$layer" -name '*.[ch]' -o -name '*.def' | sort | xargs -r awk -v layer="$layer" -v may="$*" '
		BEGIN {
			n = split(may, list, " ")
			for (i = 1; i <= n; i++)
				allowed[list[i]] = 1
			n = split("model parser analyzers emitters cli tests", list, " ")
			for (i = 1; i <= n; i++)
				ours[list[i]] = 1
		}
		/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
			quoted = /include[ \t]*"/
			path = $0
			sub(/^[^<"]*[<"]/, "", path)
			sub(/[>"].*/, "", path)
			top = path
			if (!sub(/\/.*/, "", top))
				top = ""
			if (top in allowed || (!quoted && !(top in ours)))
				next
			why = top in ours ? layer " may not include " top : "not written from the root"
			printf "%s:%d: \"%s\": %s\n", FILENAME, FNR, path, why
			bad = 1
		}
		END { exit bad }'
}

status=0
check model model || status=1
check parser parser model || status=1
check analyzers analyzers model || status=1
check emitters emitters model || status=1
check cli cli emitters analyzers parser model || status=1
check tests tests cli emitters analyzers parser model || status=1
exit $status
