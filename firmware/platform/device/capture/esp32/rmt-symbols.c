// Turns what the RMT peripheral of an ESP32 recorded into edge times: see rmt-symbols.h.

#include "rmt-symbols.h"

#include <stdbool.h>

enum { PARTS_PER_SYMBOL = 2, PART_BITS = 16, LEVEL_BIT = 15, DURATION_MASK = 0x7fff };

static uint32_t part_at(const uint32_t *symbols, size_t index) {
  return symbols[index / PARTS_PER_SYMBOL] >> (index % PARTS_PER_SYMBOL * PART_BITS);
}

size_t rmt_symbols_to_edges(const uint32_t *symbols, size_t symbol_count, uint16_t *edges_us, size_t edge_limit) {
  size_t edge_count = 0;
  uint32_t now_us = 0;
  bool was_high = true;
  for (size_t index = 0; index < symbol_count * PARTS_PER_SYMBOL; index++) {
    const uint32_t part = part_at(symbols, index);
    const uint32_t duration_us = part & DURATION_MASK;
    const bool is_end = duration_us == 0;
    // Without a falling edge there is nothing that could end.
    if (is_end && edge_count == 0) break;
    // The level of an end marker is not looked at: the part before it was given a duration because the line changed.
    const bool is_high = is_end ? !was_high : (part >> LEVEL_BIT & 1) != 0;
    if (is_high != was_high) {
      if (edge_count == edge_limit || now_us > UINT16_MAX) break;
      edges_us[edge_count++] = (uint16_t)now_us;
      was_high = is_high;
    }
    if (is_end) break;
    if (edge_count > 0) now_us += duration_us;
  }
  return edge_count;
}
