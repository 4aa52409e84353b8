// Turns what the RMT peripheral of an ESP32 recorded into edge times. Pure C: the host's tests run this very code.

#ifndef RMT_SYMBOLS_H
#define RMT_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/**
 * Writes the edges in `symbols`, recorded at 1 tick per µs, to `edges_us`: µs since the first falling edge, strictly
 * alternating, the first one falling. What comes before the first falling edge is left out: the line is high when it is idle.
 *
 * A symbol has the bits of ESP-IDF's `rmt_symbol_word_t`, from bit 0 on: 15 of duration and 1 of level, twice. A duration of 0
 * marks the end: the line changed once more and then stayed as it was for longer than the receiver's idle threshold.
 *
 * @return how many edges there are, at most `edge_limit`; those that follow, or that a uint16_t cannot tell, are left out
 */
size_t rmt_symbols_to_edges(const uint32_t *symbols, size_t symbol_count, uint16_t *edges_us, size_t edge_limit);

#endif
