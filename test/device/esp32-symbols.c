// Lets a test talk to rmt-symbols.c: a line "LIMIT WORD WORD …" (words in hexadecimal) in, its edge times in a line out.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rmt-symbols.h"

enum { LINE_SIZE = 4096 };

/** Splits `line` into `symbols`, which has room for all; returns how many there are. */
static size_t read_symbols(char *line, uint32_t *symbols) {
  size_t symbol_count = 0;
  for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n")) {
    symbols[symbol_count++] = (uint32_t)strtoul(word, NULL, 16);
  }
  return symbol_count;
}

/** Memory of exactly the size in use, so that the address sanitizer sees an access to one element too many. */
static void *exactly(size_t count, size_t size) {
  void *memory = malloc(count * size);
  if (!memory && count > 0) abort();
  return memory;
}

static void answer(char *line) {
  char *words;
  const size_t edge_limit = strtoul(line, &words, 10);
  uint32_t parsed[LINE_SIZE];
  const size_t symbol_count = read_symbols(words, parsed);
  uint32_t *symbols = exactly(symbol_count, sizeof *symbols);
  if (symbol_count > 0) memcpy(symbols, parsed, symbol_count * sizeof *symbols);
  uint16_t *edges_us = exactly(edge_limit, sizeof *edges_us);
  const size_t edge_count = rmt_symbols_to_edges(symbols, symbol_count, edges_us, edge_limit);
  for (size_t index = 0; index < edge_count; index++) printf(index == 0 ? "%u" : " %u", (unsigned)edges_us[index]);
  printf("\n");
  free(edges_us);
  free(symbols);
}

int main(void) {
  char line[LINE_SIZE];
  while (fgets(line, sizeof line, stdin)) answer(line);
  return 0;
}
