/* SPDX-License-Identifier: ISC */
/*
 * What port address translation (PAT) cannot do. It tells the hosts behind one address apart by
 * their ports, or by the identifier of an ICMP echo; it has nothing to go by in other packets.
 */
#ifndef ANALYZERS_PAT_H
#define ANALYZERS_PAT_H

#include "analyzers/nat_path.h"

/*
 * A source that nat_source() made one of a dynamic pool, for a packet that PAT cannot translate:
 * only those addresses remain that hosts have for themselves. Where there are none the packet is
 * dropped (`refused`, 305006), or, where the documents do not tell, `done` is unknown with the
 * reason. Packets that PAT translates, and all other translations, stay as they are.
 */
void pat_limit(struct arena *arena, const struct config *config, const struct nat_packet *packet,
               struct xlate *source);

#endif
