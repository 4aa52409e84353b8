// Random bits of a board: `Math.random` of XS reads the chip's hardware generator at each call, 31 bits of it, so two calls
// make 32. The generator's noise comes from the radio: Wi-Fi is switched on before the first call.

/** 32 random bits. */
export function random(): number {
  return half() * 0x1_0000 + half();
}

function half(): number {
  return Math.floor(Math.random() * 0x1_0000);
}
