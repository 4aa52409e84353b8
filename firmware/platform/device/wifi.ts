// Joins a Wi-Fi network and tells when there is an address. It asks once: supervision is an issue of its own.

import WiFi from 'embedded:network/interface/wifi';

/** ECMA-419 `connection`: from here on there is an address. */
const HAS_ADDRESS = 500;

export interface WifiOptions {
  /** Empty: no network is joined. */
  readonly ssid: string;
  /** Empty: an open network. */
  readonly password: string;
  onUp(): void;
  onDown(): void;
}

export function joinWifi({ ssid, password, onUp, onDown }: WifiOptions): WiFi {
  let isUp = false;
  const wifi = new WiFi({
    onChanged: () => {
      const wasUp = isUp;
      isUp = wifi.connection >= HAS_ADDRESS;
      if (isUp === wasUp) return;
      trace(isUp ? `Wi-Fi: ${wifi.address}\n` : 'Wi-Fi: lost\n');
      if (isUp) onUp();
      else onDown();
    },
  });
  try {
    // An ESP8266 may be joining the network of an earlier firmware already, and `connect` throws while it does.
    wifi.disconnect();
    if (ssid === '') trace('Wi-Fi: no network, because mcconfig was given no wifi=NAME\n');
    else {
      trace(`Wi-Fi: asking once for ${ssid}; this image does not supervise Wi-Fi yet\n`);
      wifi.connect(password === '' ? { SSID: ssid } : { SSID: ssid, password });
    }
  } catch (error) {
    // A name or a password that is too long. Without a network the station still measures.
    trace(`Wi-Fi: cannot join ${ssid}: ${(error as Error).message}\n`);
  }
  return wifi;
}
