#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/completion.sh BINARY
# Completes command lines by what `completion` prints: in bash, and in zsh and fish where these
# are there. A line is completed at its end; the answer is compared with what is expected.
set -u
program=$(realpath "${1:?usage: $0 BINARY}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=

for shell in bash zsh fish; do
	"$program" completion $shell >"$work/asamend.$shell" || exit
done
ids=$("$program" rules | awk '{ print $1 }')
cd "$work" && mkdir folder && touch report.html 'two words.cfg' || exit

check() { # NAME EXPECTED ACTUAL
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED %s\n expected: %s\n   actual: %s\n' "$1" "$2" "$3"
	fi
}

# The words of a line as readline has them: "=" is one of its own.
split_line() {
	local word part
	COMP_WORDS=()
	for word in $1; do
		while [[ $word == *=* ]]; do
			part=${word%%=*}
			[ -z "$part" ] || COMP_WORDS+=("$part")
			COMP_WORDS+=('=')
			word=${word#*=}
		done
		[ -z "$word" ] || COMP_WORDS+=("$word")
	done
	[[ $1 != *' ' ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
}

in_bash() { # LINE EXPECTED
	split_line "$1"
	COMPREPLY=(left over)
	_asamend
	check "bash: $1" "$2" "$(printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd ' ')"
}

in_fish() { # LINE EXPECTED: the words alone, without what is said about them
	check "fish: $1" "$2" "$(fish --no-config -c 'source asamend.fish; complete -C "$argv[1]"' "$1" |
		cut -f 1 | sort | paste -sd ' ')"
}

# words WORD...: sorted, as answers are
words() {
	printf '%s\n' "$@" | sort | paste -sd ' '
}

# The commands and the options of one, by --help.
commands=$("$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
options() {
	"$program" "$1" --help | grep -oE '^  (-[a-z], |    )--[a-z-]+' | grep -oE -- '--?[a-z-]+'
}

# All of a shell: FUNCTION is in_bash or in_fish.
cases() {
	local in=$1 command format
	$in 'asamend dif' diff
	$in 'asamend completion ' 'bash fish zsh'
	$in 'asamend audit --color ' 'always auto never'
	$in 'asamend audit --color=a' "$2always $2auto"
	$in 'asamend audit --fail-on n' 'never note'
	$in 'asamend fix --form ' 'allow-tls global-off split-class technote'
	$in 'asamend diff a --format ' 'json markdown text'
	$in 'asamend trace -f ' 'json text'
	$in 'asamend audit -p rep' report.html
	$in 'asamend audit fold' folder/
	$in 'asamend rules AM10' "$(words $(grep '^AM10' <<<"$ids"))"
	$in 'asamend audit --select ' "$3$(words $ids)"
	$in 'asamend audit --esa ' ''
	$in 'asamend audit --no-such ' "$4"
}

# A folder is a file without a slash to compgen; readline adds it.
in_bash_folder() {
	in_bash "$1" "${2%/}"
}

check 'bash: syntax' '' "$(bash -n asamend.bash 2>&1)"
# shellcheck source=/dev/null
. ./asamend.bash
check 'bash: bound' 'complete -F _asamend asamend' "$(complete -p asamend)"
cases in_bash_folder '' '' "$(words ./* | sed 's|\./||g')"
in_bash 'asamend ' "$(words $commands --help --version)"
for command in $commands; do
	in_bash "asamend $command -" "$(words $(options "$command"))"
done
in_bash 'asamend audit --select=AM101,AM50' AM101,AM501
in_bash 'asamend audit -f json=rep' report.html
in_bash 'asamend audit --format=json=rep' report.html
in_bash 'asamend audit --esa 192.0.2.1=rep' ''
in_bash 'asamend audit two' 'two words.cfg'
in_bash 'asamend audit -- --col' ''
in_bash 'asamend nothing --' ''

if command -v fish >/dev/null; then
	check 'fish: syntax' '' "$(fish --no-config --no-execute asamend.fish 2>&1)"
	in_fish 'asamend ' "$(words $commands)"
	in_fish 'asamend dif' diff
	in_fish 'asamend completion ' 'bash fish zsh'
	in_fish 'asamend audit --color ' 'always auto never'
	in_fish 'asamend audit --color=a' '--color=always --color=auto'
	in_fish 'asamend audit --fail-on n' 'never note'
	in_fish 'asamend fix --form ' 'allow-tls global-off split-class technote'
	in_fish 'asamend trace -f ' 'json text'
	in_fish 'asamend audit --policy rep' report.html
	in_fish 'asamend audit rep' report.html
	in_fish 'asamend rules AM10' "$(words $(grep '^AM10' <<<"$ids"))"
	in_fish 'asamend audit --select AM101,AM50' AM101,AM501
	for command in $commands; do
		in_fish "asamend $command --" "$(words $(options "$command" | grep -- '^--'))"
	done
else
	skipped="$skipped fish"
fi

if command -v zsh >/dev/null; then
	check 'zsh: syntax' '' "$(zsh -f -n asamend.zsh 2>&1)"
	cp asamend.zsh _asamend
	cat >drive.zsh <<-'EOF'
		# Types LINE and a tab into a shell on a terminal of its own, where each word that
		# is offered is printed: HIT WORD.
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell "fpath=($PWD \$fpath); autoload -Uz compinit; compinit -u -d $PWD/dump"
		zpty -w shell "compadd() {
			builtin compadd -O found \"\$@\"
			print -rl -- '' 'HIT '\$^found
			builtin compadd \"\$@\"
		}"
		zpty -w shell "offer() { zle list-choices; print -l '' THE-''END }"
		zpty -w shell "zle -N offer; bindkey '^T' offer; LISTMAX=1000; print -l '' READY-''NOW"
		while zpty -r shell line && [[ $line != READY-NOW* ]]; do :; done
		zpty -w -n shell "$1"$'\C-T'
		while zpty -r shell line && [[ $line != THE-END* ]]; do
			print -r -- $line
		done
		zpty -d shell
	EOF
	in_zsh() { # LINE EXPECTED
		check "zsh: $1" "$2" "$(timeout 20 zsh -f drive.zsh "$1" | tr -d '\r' |
			sed -n 's/^HIT //p' | sort -u | paste -sd ' ')"
	}
	in_zsh 'asamend ' "$(words $commands --help --version)"
	in_zsh 'asamend completion ' 'bash fish zsh'
	in_zsh 'asamend audit --color ' 'always auto never'
	in_zsh 'asamend diff --format=' 'json markdown text'
	in_zsh 'asamend diff -f json=rep' report.html
	in_zsh 'asamend fix --form ' 'allow-tls global-off split-class technote'
	in_zsh 'asamend audit -p rep' report.html
	in_zsh 'asamend audit rep' report.html
	in_zsh 'asamend audit --select AM101,AM50' AM501
	in_zsh 'asamend rules AM10' "$(words $(grep '^AM10' <<<"$ids"))"
	in_zsh 'asamend audit --roll' ''
else
	skipped="$skipped zsh"
fi

[ -z "$skipped" ] || echo "not there, skipped:$skipped"
echo "completion: $passed passed, $failed failed"
[ $failed -eq 0 ]
