# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Sourced by the runners here: a scratch folder, the program under test in a clean environment,
# and a count of what passed.

scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT

# use_program BINARY: from now on this one is `asamend`.
use_program() {
	if [ ! -x "$1" ]; then
		echo "$1 is not there; build it first" >&2
		exit 1
	fi
	mkdir -p "$scratch/bin" "$scratch/home"
	ln -sf "$(realpath "$1")" "$scratch/bin/asamend"
}

# clean COMMAND...: TMP is an empty folder to write to. A sanitizer's complaint is status 99,
# so that it is never taken for findings (1).
clean() {
	rm -rf "$scratch/tmp" && mkdir "$scratch/tmp"
	env -i PATH="$scratch/bin:/usr/local/bin:/usr/bin:/bin" HOME="$scratch/home" \
		TMP="$scratch/tmp" TERM=dumb LC_ALL=C TZ=UTC \
		ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1 "$@"
}

# clean_sh LINE: a shell line, for at most 20 seconds.
clean_sh() {
	clean timeout 20 sh -c "$1"
}

passed=0 failed=0
count() { # STATUS NAME
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $2"
	fi
}
