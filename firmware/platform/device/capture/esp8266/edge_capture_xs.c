// Ties edge_capture.c to the XS class of capture.ts.

#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"
#include "builtinCommon.h"

#include "edge_capture.h"

struct line {
  // First, and never moved: the interrupt writes here. XS would move a chunk of its own.
  struct edge_capture capture;
  uint32_t pin;
};

void xs_edge_capture_destructor(void *data) {
  struct line *line = data;
  if (!line) return;
  edge_capture_finish(&line->capture);
  builtinFreePin(line->pin);
  c_free(line);
}

static struct line *line_of(xsMachine *the) {
  return xsmcGetHostDataValidate(xsThis, (void *)xs_edge_capture_destructor);
}

void xs_edge_capture(xsMachine *the) {
  const int pin = xsmcToInteger(xsArg(0));
  if (pin < 0 || !edge_capture_is_pin(pin)) xsRangeError("pin cannot have a sensor");
  if (!builtinIsPinFree(pin)) xsRangeError("pin in use");
  struct line *line = c_calloc(1, sizeof *line);
  if (!line) xsUnknownError("no memory");
  line->pin = pin;
  builtinUsePin(pin);
  xsmcSetHostData(xsThis, line);
}

void xs_edge_capture_start(xsMachine *the) {
  struct line *line = line_of(the);
  const int start_pulse_us = xsmcToInteger(xsArg(0));
  const int max_edges = xsmcToInteger(xsArg(1));
  if (max_edges < 1) xsRangeError("no room for edges");
  edge_capture_start(&line->capture, line->pin, start_pulse_us,
                     max_edges < EDGE_CAPTURE_MAX_EDGES ? max_edges : EDGE_CAPTURE_MAX_EDGES);
}

void xs_edge_capture_finish(xsMachine *the) {
  struct line *line = line_of(the);
  edge_capture_finish(&line->capture);
  xsmcSetInteger(xsResult, edge_capture_count(&line->capture));
}

void xs_edge_capture_edge(xsMachine *the) {
  xsmcSetInteger(xsResult, edge_capture_us(&line_of(the)->capture, xsmcToInteger(xsArg(0))));
}
