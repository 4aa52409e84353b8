// The message that the MQTT benchmark sends: the same for ours and for the peers.

export const MESSAGE_TOPIC = 'maison/salon/readings';

/** 72 bytes: about what one reading takes. */
export const MESSAGE_PAYLOAD = new Uint8Array(72).fill(0x78);
