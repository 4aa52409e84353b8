// The LED of Espressif's boards with an ESP32-C3 or S3: one pixel that is told its colour.

import config from 'mc/config';
import NeoPixel from 'neopixel';
import type { Led } from '../../../../../ports.js';

/** Of 255: full brightness dazzles. */
const WHITE = 24;

class PixelLed implements Led {
  private readonly pixel: NeoPixel;

  constructor(pin: number) {
    this.pixel = new NeoPixel({ length: 1, pin, order: 'GRB' });
  }

  write(value: 0 | 1): void {
    const level = value * WHITE;
    this.pixel.setPixel(0, this.pixel.makeRGB(level, level, level));
    this.pixel.update();
  }
}

export function openLed(): Led {
  return new PixelLed(config['pixelPin'] as number);
}
