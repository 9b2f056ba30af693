#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: audit.sh [FOLDER [RESULTS [OPTION...]]]
# Audits every firewall config below FOLDER (firewalls) in a pipeline, and leaves in RESULTS
# (asamend-report) what code-hosting sites read. Options are those of `asamend scan`; without any,
# the policy is the asamend.yaml of this folder or one above. Ends with the status of the scan: 0
# all is decided and well, 1 findings, 2 an input could not be read.
set -euo pipefail
folder=${1:-firewalls}
results=${2:-asamend-report}
shift $(($# < 2 ? $# : 2))
mkdir -p "$results"

formats=(
	-f sarif="$results/asamend.sarif"              # GitHub code scanning, editors
	-f junit="$results/junit.xml"                  # GitLab, Jenkins: a test for each flow
	-f gitlab="$results/gl-code-quality.json"      # GitLab merge requests
	-f markdown="$results/summary.md"              # a comment, or the summary of a job
	-f csv="$results/findings.csv"                 # spreadsheets
	-f json="$results/asamend.json"                # scripts; `--baseline` of a later run
)
if [ -n "${GITHUB_ACTIONS-}" ]; then
	formats+=(-f github -f text="$results/asamend.txt")                # annotations are read from the log
else
	formats+=(-f text)
fi

status=0
asamend scan "${formats[@]}" "$@" -- "$folder" || status=$?

if [ -n "${GITHUB_STEP_SUMMARY-}" ] && [ -s "$results/summary.md" ]; then
	cat "$results/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
exit $status
