// A serial port of this computer in the shape of the Web Serial API, which Espressif's flashing tool speaks.

import { SerialPort } from 'serialport';

/** What a pseudo-terminal answers to the control lines that only a real port has. */
const NO_CONTROL_LINES = /ENOTTY|inappropriate ioctl|invalid argument|not supported/i;

/** As much of the Web Serial API's `SerialPort` as `Transport` of esptool-js uses. */
export class SerialDevice {
  readonly #path: string;
  #port: SerialPort | undefined;
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async open({ baudRate }: { baudRate: number }): Promise<void> {
    const port = new SerialPort({ path: this.#path, baudRate, autoOpen: false });
    await settle((done) => port.open(done));
    this.#port = port;
    this.readable = readableOf(port);
    this.writable = new WritableStream({ write: (bytes) => settle((done) => port.write(bytes, (error) => done(error ?? null))) });
  }

  /** Does nothing where the port is closed, or gone. */
  async close(): Promise<void> {
    const port = this.#port;
    this.#port = undefined;
    this.readable = null;
    this.writable = null;
    if (port?.isOpen) await settle((done) => port.close(done));
  }

  async setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void> {
    const { dataTerminalReady: dtr, requestToSend: rts } = signals;
    try {
      await settle((done) => this.#port?.set({ ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }) }, done));
    } catch (error) {
      if (!NO_CONTROL_LINES.test((error as Error).message)) throw error;
    }
  }

  /** Not in the Web Serial API: without it the port would be closed and opened again, which resets many boards. */
  async setBaudRate(baudRate: number): Promise<void> {
    await settle((done) => this.#port?.update({ baudRate }, done));
  }

  /** Vendor and product are only asked for to find a chip whose USB is its own; the usual reset works there too. */
  getInfo(): { usbVendorId?: number; usbProductId?: number } {
    return {};
  }
}

function readableOf(port: SerialPort): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      port.on('data', (bytes: Buffer) => controller.enqueue(Uint8Array.from(bytes)));
      // Unplugged: whoever reads learns that there is no more.
      port.once('close', () => closeQuietly(controller));
      port.on('error', (error) => controller.error(error));
    },
  });
}

function closeQuietly(controller: ReadableStreamDefaultController): void {
  try {
    controller.close();
  } catch {
    // Already ended, by an error or by the reader.
  }
}

function settle(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
