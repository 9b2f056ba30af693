#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/browser/check.sh FLEET ASAMEND
# The HTML report and change tickets in a headless Chromium: npm's packages go to build/browser, the
# pages that FLEET (fleet.c) and ASAMEND make too. The last line is "browser: N passed, N failed".
set -eu
fleet=$(realpath "${1:?usage: $0 FLEET ASAMEND}")
asamend=$(realpath "${2:?usage: $0 FLEET ASAMEND}")
here=$(cd "$(dirname "$0")" && pwd)
work=$here/../../build/browser
mkdir -p "$work"
cd "$work"
if ! cmp -s "$here/package-lock.json" package-lock.json || [ ! -d node_modules ]; then
	cp "$here/package.json" "$here/package-lock.json" .
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
fi
for n in 1 4 200 10000; do
	"$fleet" "$n" >"fleet-$n.html"
done
for config in asa82-statics ftd pix63 quarantine; do
	ticket=$PWD/ticket-$config.html
	# The command of the example; its status tells of what is left, which is no matter here.
	read -r _ words <"$here/../../examples/$config.ticket.cmd"
	# shellcheck disable=SC2086
	(cd "$here/../.." && "$asamend" ${words/-f ticket/-f html}) >"$ticket" || true
done
NODE_PATH=$PWD/node_modules exec node "$here/check.js" "$PWD"
