#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/formats.sh BINARY [--multitool]
# Every format of audit tells what the JSON of the same run tells (format_check.py), whatever is
# audited and whatever it is called; the format changes no exit status; no secret gets out; SARIF
# fits the official schema, which comes from a registry. With --multitool Microsoft's validator
# looks at it as well (44 MB to fetch: `make check-sarif`).
set -u
binary=$(realpath "${1:?usage: $0 BINARY [--multitool]}")
multitool=${2-}
cd "$(dirname "$0")/.." || exit
root=$PWD
# shellcheck source=tests/lib.sh
. tests/lib.sh
use_program "$binary"

# What a machine that does not reach the registry cannot test is said to be untested.
unfetched() { # WHAT
	echo "SKIPPED $1: it could not be fetched"
}

schema=()
if folder=$(tests/registry.sh sarif-schema); then
	schema=(--schema "$folder/lib/schemas/sarif-2.1.0-rtm.5.json")
else
	unfetched 'SARIF against its schema'
fi

validator=
if [ "$multitool" = --multitool ]; then
	if folder=$(tests/registry.sh sarif-multitool); then
		validator=$folder/Sarif.Multitool
		chmod +x "$validator"
	else
		unfetched 'the validator of SARIF'
	fi
fi

# Errors and warnings of the validator. SARIF2005 wants the address of a home page: there is none.
complaints() { # SARIF
	cp "$1" "$scratch/it.sarif" # it looks at no file of another name
	DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$validator" validate "$scratch/it.sarif" \
		--rule-kind 'Sarif;Ghas' --max-file-size-in-kb 1000000 \
		--level 'Error;Warning;Note' >"$scratch/validated" 2>&1
	grep -q '^Analysis completed successfully' "$scratch/validated" || cat "$scratch/validated"
	grep 'skipped entirely' "$scratch/validated"
	grep -E '\): (error|warning) ' "$scratch/validated" | grep -v ' SARIF2005: '
}

out=$scratch/formats
all=(json csv sarif junit gitlab github markdown html)

# What is in $out against the JSON there.
check_all() {
	local format files=()
	for format in "${all[@]:1}"; do
		files+=("$format=$out/$format")
	done
	clean python3 "$root/tests/format_check.py" "${schema[@]}" "$out/json" "${files[@]}" \
		>"$out/checked" 2>&1 || {
		cat "$out/checked"
		return 1
	}
}

if [ -n "$validator" ]; then
	echo '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": ""}}, "results": [{}]}]}' \
		>"$scratch/wrong"
	[ -n "$(complaints "$scratch/wrong")" ]
	count $? 'the validator finds what is wrong'
fi

validate() { # NAME
	[ -n "$validator" ] || return 0
	[ -z "$(complaints "$out/sarif" | tee "$out/complaints")" ]
	count $? "$1: SARIF"
	head -n 20 "$out/complaints"
}

# agree NAME FOLDER ARG...: audit in that folder, in all formats at once.
agree() {
	local name=$1 folder=$2 format status text bad=0
	shift 2
	rm -rf "$out" && mkdir "$out"
	cat >"$out/stdin"
	(cd "$folder" && clean timeout 100 asamend audit --today 2026-12-31 "$@") \
		<"$out/stdin" >"$out/text" 2>"$out/err"
	text=$?
	local wanted=()
	for format in "${all[@]}"; do
		wanted+=(-f "$format=$out/$format")
	done
	(cd "$folder" && clean timeout 100 asamend audit --today 2026-12-31 "${wanted[@]}" -f text "$@") \
		<"$out/stdin" >"$out/text2" 2>"$out/err"
	status=$?
	if [ $status -ne $text ] || [ $status -gt 2 ]; then
		echo "$name: status $status, with -f text alone $text"
		cat "$out/err"
		bad=1
	fi
	cmp "$out/text" "$out/text2" || bad=1
	(cd "$folder" && check_all) || bad=1
	if grep -l S3cret "$out"/{text,json,csv,sarif,junit,gitlab,github,markdown,html}; then
		echo "$name: a secret"
		bad=1
	fi
	count $bad "$name"
	validate "$name"
}

shopt -s nullglob
site=(-p examples/site.yaml)
esa=(--esa 192.168.1.1=1.1.1.1)
agree 'golden configs' . --esa 10.1.1.25 tests/golden/*/*.cfg README.md </dev/null
agree 'broken inputs' . --esa 10.1.1.25 tests/reject/*/* </dev/null
agree 'examples' . "${site[@]}" examples/*.cfg </dev/null
agree 'contexts' . --esa 10.1.1.25 tests/golden/*context*/*.cfg </dev/null
agree 'discovered' . --no-policy examples/*.cfg </dev/null
agree 'suppressed' tests/golden/suppressions -p policy.yaml config.cfg </dev/null
agree 'suppressed, shown' tests/golden/suppressions --show-suppressed -p policy.yaml config.cfg </dev/null
agree 'what-if' . "${esa[@]}" --apply - examples/edge-pix.cfg <<<'no fixup protocol smtp 25
policy-map global_policy
 class inspection_default
  no inspect esmtp'
agree 'standard input' . "${esa[@]}" - <examples/edge-pix.cfg
agree 'standard input with a name' . "${esa[@]}" --stdin-name 'git show HEAD:fw, %41/edge.cfg' - \
	<examples/edge-pix.cfg
agree 'absolute paths' examples "${esa[@]}" "$root/examples/edge-pix.cfg" "$root/README.md" \
	"$root/tests/../examples/fwsm.cfg" ../examples/pix63.cfg .././examples/../README.md </dev/null
agree 'nothing to read' . "${esa[@]}" not/there.cfg </dev/null

# Names that are markup, formulas, commands or options somewhere, of files and in them.
hostile=$scratch/hostile
mkdir -p "$hostile/a dir"
# shellcheck disable=SC2016 # no expansions: names
names=('=1+1.cfg' '-dash.cfg' '+plus' '@SUM(A1)' '<b>&"'"'"'.cfg' ']]>.cfg' 'a,b:c%d|e.cfg' '%0A::error::x'
	'{0}[x](y).cfg' '@octocat #1 `x` ~~y~~.cfg' 'a dir/<details>.cfg' '#frag?query' 'c:\x.cfg'
	$'two\nlines::error::.cfg' $'tab\t.cfg' $'\e[31mred\e[0m.cfg' $'caf\xe9.cfg' $'\xef\xbf\xbf.cfg')
for name in "${names[@]}"; do
	tag=$(printf '%s' "${name##*/}" | tr -d ' \n\t')
	sed -e '/^username/d' -e "s|^hostname .*|hostname XX|" examples/edge-pix.cfg |
		awk -v tag="$tag" '
			BEGIN { gsub(/\\/, "\\\\", tag); gsub(/&/, "\\\\&", tag) }
			/^hostname/ { print "hostname " tag; print "username u password S3cret,\"x\""; next }
			{ gsub(/ironport_esa_internal/, "acl" tag); print }
			END { print "frobnicate " tag "" }' >"$hostile/$name"
done
(cd "$hostile" && find . -type f -print0 | sort -z) >"$scratch/names"
mapfile -d '' -t found <"$scratch/names"
[ ${#found[@]} -eq ${#names[@]} ] || count 1 'the hostile files were not made'
agree 'hostile names' "$hostile" "${esa[@]}" -- "${names[@]}" </dev/null
agree 'hostile names that are not there' "$scratch" "${esa[@]}" -- "${names[@]}" </dev/null

# scanned NAME FOLDER ARG...: many firewalls in all formats at once, and again from the records.
scanned() {
	local name=$1 folder=$2 format bad=0
	shift 2
	local now=() again=()
	rm -rf "$out" && mkdir "$out" "$out/again"
	for format in "${all[@]}"; do
		now+=(-f "$format=$out/$format")
		again+=(-f "$format=$out/again/$format")
	done
	(
		cd "$folder" || exit
		clean asamend scan --today 2026-12-31 "${now[@]}" -f ndjson="$out/records" "$@" &&
			clean asamend report --fail-on never "${again[@]}" "$out/records"
	) >"$out/log" 2>&1 || {
		cat "$out/log"
		bad=1
	}
	for format in "${all[@]}"; do
		cmp "$out/$format" "$out/again/$format" || bad=1
	done
	(cd "$folder" && check_all) || bad=1
	count $bad "$name"
	validate "$name"
}
scanned 'scan and report' . --fail-on never "${site[@]}" examples tests/reject </dev/null
scanned 'scan and report, hostile names' "$hostile" --fail-on never "${esa[@]}" . </dev/null

# One may go to standard output, and -o takes it elsewhere; pages say when they were made.
export SOURCE_DATE_EPOCH=1767225600
for format in "${all[@]:1}"; do
	clean asamend audit "${esa[@]}" -f "$format" examples/edge-pix.cfg >"$out/stdout"
	[ $? -eq 1 ] && clean asamend audit "${esa[@]}" -f "$format" -o "$out/file" examples/edge-pix.cfg
	[ $? -eq 1 ] && cmp "$out/stdout" "$out/file"
	count $? "-f $format, -o"
done

echo "formats: $passed passed, $failed failed"
[ $failed -eq 0 ]
