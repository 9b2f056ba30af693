#!/bin/sh
# SPDX-License-Identifier: ISC
# Usage: tests/fuzz/config_dict.sh >config.dict
# The words of the grammar and of the handlers as a libFuzzer dictionary.
cd "$(dirname "$0")/../.." || exit
{
	sed -n 's/^\(CMD\|SKIP\)([A-Z_]*, "\([^"]*\)".*/\2/p' parser/commands.def |
		tr ' |' '\n\n' | grep -v '^[A-Z.]'
	grep -ho '"[a-z0-9-]\{2,\}"' parser/cmd_*.c parser/ace.c parser/values.c model/ports.c |
		tr -d '"'
	printf '%s\n' 10.1.1.5 255.255.255.0 2001:db8::5/64 '(inside,outside)' '<--- More --->' \
		'x.x.x.x' '(hitcnt=0)' 'fw/ctx(config)# ' ': Saved' ': end' '===' \
		'ASA Version 9.8(4)' 'ASA Version 8.2(5) <context>' 'PIX Version 6.3(5)' \
		'FWSM Version 4.1(5)' 'NGFW Version 7.4.2'
} | sort -u | sed 's/.*/"& "/'
printf '"%s"\n' '\x0a' '\x0a ' '\x0a  ' '\x0ano ' '\x0d\x0a' '\x08' '\x0c' '\x00'
