// What a station says of itself: `info` and `diagnostics`.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Diagnostics, encodeDiagnostics, encodeInfo } from '../../../firmware/station/reports.js';
import { SENSOR_FAULT_CLASSES } from '../../../firmware/station/sampler.js';
import { parseSettings } from '../../../firmware/station/settings.js';
import { WIFI_FAILURES } from '../../../firmware/station/wifi-supervisor.js';

const parse = (payload: Uint8Array) => JSON.parse(Buffer.from(payload).toString());

const FINE: Diagnostics = {
  uptimeSeconds: 3_600,
  buffered: 3,
  dropped: 2,
  reconnects: 1,
  linkFailure: undefined,
  oversized: 0,
  protocolLevel: 5,
  refusals: { count: 0, code: 0 },
  faultCounts: new Uint32Array(SENSOR_FAULT_CLASSES.length),
  repairedReads: 4,
  trouble: undefined,
  clockOffsetSeconds: 1_763_812_800,
  board: {
    address: '192.0.2.20',
    rssi: -61,
    freeMemory: 9_000,
    resetCause: 'power-on',
    wifiFailureCounts: new Uint32Array(WIFI_FAILURES.length),
    ignoredCommands: 0,
  },
};

describe('reports', () => {
  it('info says who the station is, whatever characters its address holds', () => {
    const identity = { station: 'a4cf12f0a1b2', board: 'nodemcu', firmware: '0.1.0', sensor: 'DHT22' };
    const info = parse(encodeInfo(identity, parseSettings({ interval: 30 }), 'é"\\'));
    assert.deepEqual(info, { ...identity, interval: 30, address: 'é"\\' });
    assert.equal(parse(encodeInfo(identity, parseSettings({ model: 'dht11' }), '')).sensor, 'DHT11');
  });

  it('diagnostics of a station that is well name no sensor error', () => {
    const expected = {
      ...{ uptime: 3_600, resetCause: 'power-on', freeMemory: 9_000, rssi: -61, mqtt: '5' },
      ...{ buffered: 3, dropped: 2, reconnects: 1, oversized: 0, ignoredCommands: 0 },
      ...{ sensor: null, sensorErrors: {}, repairedReads: 4, wifiErrors: {} },
    };
    assert.deepEqual(parse(encodeDiagnostics(FINE)), expected);
  });

  it('diagnostics say how many messages the broker refused, why the last one, and in which version of MQTT', () => {
    const refusing = parse(encodeDiagnostics({ ...FINE, protocolLevel: 4, refusals: { count: 12, code: 0x97 } }));
    assert.deepEqual([refusing.mqtt, refusing.refused], ['3.1.1', { count: 12, code: 0x97 }]);
  });

  it('diagnostics say why the last connection ended: of a certificate that fails, what is wrong with it', () => {
    assert.equal(parse(encodeDiagnostics({ ...FINE, linkFailure: 'certificate-expired' })).linkFailure, 'certificate-expired');
  });

  it('diagnostics say why there are no readings, since when, and how often each class occurred', () => {
    const faultCounts = new Uint32Array(SENSOR_FAULT_CLASSES.length);
    faultCounts[SENSOR_FAULT_CLASSES.indexOf('bit-missing')] = 7;
    const trouble = { fault: 'bit-missing', bit: 9, sinceMs: 61_900 } as const;
    const { sensor, sensorErrors } = parse(encodeDiagnostics({ ...FINE, faultCounts, trouble }));
    assert.deepEqual(sensor, { fault: 'bit-missing', bit: 9, since: 1_763_812_861 });
    assert.deepEqual(sensorErrors, { 'bit-missing': 7 });
  });

  it('diagnostics give an uptime for a time that is not known, and null for a bit that there is not', () => {
    const trouble = { fault: 'no-response', bit: -1, sinceMs: 61_900 } as const;
    const { sensor } = parse(encodeDiagnostics({ ...FINE, trouble, clockOffsetSeconds: undefined }));
    assert.deepEqual(sensor, { fault: 'no-response', bit: null, sinceUptime: 61 });
  });
});
