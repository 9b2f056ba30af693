/* SPDX-License-Identifier: ISC */
#include "cli/analyze.h"
#include "cli/cmd.h"
int cmd_fix(struct options *options)
{
	(void)options;
	return STATUS_INTERNAL;
}
