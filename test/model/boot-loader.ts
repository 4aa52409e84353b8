// A model of the boot loader in the ROM of an ESP8266, ESP32 or ESP32-C3, and of Espressif's flasher stub that is loaded into its RAM:
// what they answer on the serial line, and what is in the flash afterwards.
//
// Source: Espressif, "Serial Protocol" (esptool documentation). Packets are SLIP frames (RFC 1055): direction, command, length of the
// data, checksum or value, data; an answer ends in a status of two bytes.

import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';

const FLASH_BYTES = 4 * 1024 * 1024;

const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

const REQUEST = 0;
const ANSWER = 1;

/** Begins the checksum of data. */
const CHECKSUM_SEED = 0xef;

const Command = {
  memoryBegin: 0x05,
  memoryEnd: 0x06,
  memoryData: 0x07,
  sync: 0x08,
  writeRegister: 0x09,
  readRegister: 0x0a,
  changeBaudRate: 0x0f,
  deflatedBegin: 0x10,
  deflatedData: 0x11,
  deflatedEnd: 0x12,
  md5: 0x13,
  securityInfo: 0x14,
} as const;

const DONE = Uint8Array.of(0, 0);
const INVALID_MESSAGE = Uint8Array.of(1, 5);
const INVALID_CHECKSUM = Uint8Array.of(1, 7);
const INVALID_DATA = Uint8Array.of(1, 0xc9);

/** The register that tells older chips apart, and what is in it. */
const MAGIC_REGISTER = 0x4000_1000;

interface ChipModel {
  readonly magic: number;
  /** In the answer to `securityInfo`, which older chips do not know. */
  readonly chipId?: number;
}

const CHIPS: Readonly<Record<string, ChipModel>> = {
  ESP8266: { magic: 0xfff0_c101 },
  ESP32: { magic: 0x00f0_1d83 },
  'ESP32-C3': { magic: 0x1b31_506f, chipId: 5 },
};

export interface BootLoaderFaults {
  /** Blocks of data that lose one byte on their way, the first time that they come. */
  readonly losesByteInBlocks?: number;
  /** What is written is not what was sent. */
  readonly writesWrongBit?: boolean;
  /** Every answer comes with a byte in it that no frame has. */
  readonly answersNonsense?: boolean;
  /** After so many blocks of data the cable is pulled. */
  readonly unplugsAfterBlocks?: number;
}

export class BootLoader {
  readonly flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  readonly #chip: ChipModel;
  readonly #faults: BootLoaderFaults;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #unplug: () => void;
  #frame: number[] | undefined;
  #isEscaped = false;
  /** Whether the stub runs, instead of the ROM. */
  #isStub = false;
  #blocks = 0;
  #lostBytes = 0;
  #write: { offset: number; size: number; deflated: Uint8Array[] } | undefined;

  /**
   * @param chip as Espressif's tools name it
   * @param send takes what the chip says
   * @param unplug called where a fault says so
   */
  constructor(chip: string, faults: BootLoaderFaults, send: (bytes: Uint8Array) => void, unplug: () => void) {
    this.#chip = CHIPS[chip] as ChipModel;
    this.#faults = faults;
    this.#send = send;
    this.#unplug = unplug;
  }

  /** Bytes from the computer. */
  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.#receiveByte(byte);
  }

  #receiveByte(byte: number): void {
    if (byte === END) {
      const frame = this.#frame;
      // An END begins a frame too, and two in a row are none.
      this.#frame = frame?.length ? undefined : [];
      if (frame?.length) this.#handle(Uint8Array.from(frame));
      return;
    }
    if (!this.#frame) return;
    if (byte === ESCAPE) {
      this.#isEscaped = true;
      return;
    }
    const plain = !this.#isEscaped ? byte : byte === ESCAPED_END ? END : byte === ESCAPED_ESCAPE ? ESCAPE : byte;
    this.#isEscaped = false;
    this.#frame.push(plain);
  }

  #handle(frame: Uint8Array): void {
    const view = new DataView(frame.buffer);
    if (frame.length < 8 || frame[0] !== REQUEST) return;
    const command = frame[1] as number;
    const data = this.#loseByte(command, frame.subarray(8));
    const checksum = view.getUint32(4, true);
    if (view.getUint16(2, true) !== data.length) this.#answer(command, INVALID_MESSAGE);
    else this.#execute(command, data, checksum);
  }

  #loseByte(command: number, data: Uint8Array): Uint8Array {
    if (command !== Command.deflatedData || this.#lostBytes >= (this.#faults.losesByteInBlocks ?? 0)) return data;
    this.#lostBytes++;
    return data.subarray(0, data.length - 1);
  }

  #execute(command: number, data: Uint8Array, checksum: number): void {
    const word = (index: number) => new DataView(data.buffer, data.byteOffset).getUint32(4 * index, true);
    switch (command) {
      case Command.sync:
        // Eight times, and with a value that says that this is not the stub.
        for (let times = 0; times < 8; times++) this.#answer(command, DONE, this.#isStub ? 0 : 0x2012_0707);
        break;
      case Command.readRegister:
        this.#answer(command, DONE, word(0) === MAGIC_REGISTER ? this.#chip.magic : 0);
        break;
      case Command.securityInfo:
        this.#answerSecurityInfo(command);
        break;
      case Command.memoryData:
      case Command.deflatedData:
        this.#takeBlock(command, data.subarray(16), checksum);
        break;
      case Command.memoryEnd:
        this.#answer(command, DONE);
        this.#isStub = true;
        this.#send(slip(Buffer.from('OHAI')));
        break;
      case Command.deflatedBegin:
        this.#write = { size: word(0), offset: word(3), deflated: [] };
        this.#answer(command, DONE);
        break;
      case Command.md5:
        this.#answerMd5(command, word(0), word(1));
        break;
      case Command.memoryBegin:
      case Command.writeRegister:
      case Command.changeBaudRate:
      case Command.deflatedEnd:
        this.#answer(command, DONE);
        break;
      default:
        this.#answer(command, INVALID_MESSAGE);
    }
  }

  #answerSecurityInfo(command: number): void {
    if (this.#chip.chipId === undefined) {
      for (let times = 0; times < 8; times++) this.#answer(command, INVALID_MESSAGE);
      return;
    }
    const info = new Uint8Array(20);
    new DataView(info.buffer).setUint32(12, this.#chip.chipId, true);
    this.#answer(command, Uint8Array.of(...info, ...DONE));
  }

  #takeBlock(command: number, block: Uint8Array, checksum: number): void {
    if (block.reduce((sum, byte) => sum ^ byte, CHECKSUM_SEED) !== checksum) {
      this.#answer(command, INVALID_CHECKSUM);
      return;
    }
    if (command === Command.deflatedData) {
      if (!this.#write) {
        this.#answer(command, INVALID_DATA);
        return;
      }
      this.#write.deflated.push(block.slice());
      this.#writeWhenWhole(this.#write);
      if (++this.#blocks === this.#faults.unplugsAfterBlocks) this.#unplug();
    }
    this.#answer(command, DONE);
  }

  #writeWhenWhole({ deflated, offset, size }: { offset: number; size: number; deflated: Uint8Array[] }): void {
    let bytes: Uint8Array;
    try {
      bytes = inflateSync(Buffer.concat(deflated));
    } catch {
      // More blocks are to come.
      return;
    }
    if (bytes.length !== size) return;
    this.flash.set(bytes, offset);
    if (this.#faults.writesWrongBit) this.flash[offset] = (this.flash[offset] as number) ^ 1;
  }

  /** The stub answers in bytes, the ROM in hex digits. */
  #answerMd5(command: number, offset: number, size: number): void {
    const digest = createHash('md5')
      .update(this.flash.subarray(offset, offset + size))
      .digest();
    this.#answer(command, Buffer.concat([this.#isStub ? digest : Buffer.from(digest.toString('hex')), DONE]));
  }

  #answer(command: number, data: Uint8Array, value = 0): void {
    const frame = new Uint8Array(8 + data.length);
    frame.set([ANSWER, command, data.length & 0xff, data.length >> 8]);
    new DataView(frame.buffer).setUint32(4, value, true);
    frame.set(data, 8);
    if (this.#faults.answersNonsense) this.#send(Uint8Array.of(0x55));
    this.#send(slip(frame));
  }
}

function slip(frame: Uint8Array): Uint8Array {
  const escaped = [...frame].flatMap((byte) => {
    if (byte === END) return [ESCAPE, ESCAPED_END];
    return byte === ESCAPE ? [ESCAPE, ESCAPED_ESCAPE] : [byte];
  });
  return Uint8Array.of(END, ...escaped, END);
}
