/* SPDX-License-Identifier: ISC */
/* A packet in the words of packet-tracer, made sense of by a config's own names. */
#ifndef CLI_PACKET_ARGS_H
#define CLI_PACKET_ARGS_H

#include "model/config.h"

/*
 * The words as given; for ICMP sport is the type and dport the code, for rawip sport is the number
 * of the protocol, for others they are empty.
 */
struct packet_words {
	struct str input, protocol, src, sport, dst, dport;
};

/*
 * The words of a command line, or of a line pasted as one operand: [PROMPT] [packet-tracer] input
 * IFC PROTOCOL ...; `detailed` and the like at its end are ignored. False leaves a line in *error.
 */
bool packet_words_read(struct arena *arena, const struct str *operands, uint32_t n_operands,
                       struct packet_words *out, struct str *error);

/*
 * The packet they stand for. Addresses may be labels of `name` and host objects, ports names. False
 * leaves a line in *error that lists what there is.
 */
bool packet_of_words(struct arena *arena, const struct config *config,
                     const struct packet_words *words, const struct interface **in,
                     struct packet *packet, struct str *error);

#endif
