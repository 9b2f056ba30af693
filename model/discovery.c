/* SPDX-License-Identifier: ISC */
#include "model/discovery.h"

const char *const clue_names[CLUE_COUNT] = {
        [CLUE_NAT] = "nat",
        [CLUE_SMTP_IN] = "smtp-in",
        [CLUE_SMTP_INNER] = "smtp-inner",
        [CLUE_SMTP_OUT] = "smtp-out",
        [CLUE_CPQ_TO] = "cpq-to",
        [CLUE_CPQ_FROM] = "cpq-from",
        [CLUE_SPAM_TO] = "spam-quarantine-to",
        [CLUE_SPAM_FROM] = "spam-quarantine-from",
        [CLUE_SSH_TO] = "ssh-to",
        [CLUE_SSH_FROM] = "ssh-from",
        [CLUE_NAME_ESA] = "name-esa",
        [CLUE_NAME_SMA] = "name-sma",
        [CLUE_NAME_OTHER] = "name-other",
        [CLUE_MAPPED] = "mapped",
};
