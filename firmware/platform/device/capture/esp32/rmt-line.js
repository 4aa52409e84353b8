// Binds rmt-line.c: the line of a single-wire sensor on the RMT peripheral, as an ECMA-419 IO class.

export default class RmtLine extends Native('xs_rmt_line_destructor') {
  constructor(options) {
    super();
    native('xs_rmt_line_constructor').call(this, options);
  }
  start(startPulseUs) {
    return native('xs_rmt_line_start').call(this, startPulseUs);
  }
  read(edgesUs) {
    return native('xs_rmt_line_read').call(this, edgesUs);
  }
  stop() {
    return native('xs_rmt_line_stop').call(this);
  }
}
