// The boards that an image is built for: what each is called by the Moddable SDK, by Espressif's tools, and in this repository.

export interface Target {
  readonly name: TargetName;
  /** The chip, as Espressif's boot loader protocol names it. */
  readonly chip: string;
  /** What `mcconfig -p` calls it. */
  readonly platform: string;
  /** From the top of the repository. */
  readonly manifest: string;
  readonly toolchain: 'esp8266' | 'esp32';
}

export const TARGET_NAMES = ['nodemcu', 'esp32', 'esp32c3', 'esp32s3'] as const;

export type TargetName = (typeof TARGET_NAMES)[number];

export const TARGETS: { readonly [Name in TargetName]: Target } = {
  nodemcu: {
    name: 'nodemcu',
    chip: 'ESP8266',
    platform: 'esp/nodemcu',
    manifest: 'manifests/esp8266/manifest.json',
    toolchain: 'esp8266',
  },
  esp32: esp32('esp32', 'ESP32', 'esp32/nodemcu'),
  esp32c3: esp32('esp32c3', 'ESP32-C3', 'esp32/esp32c3'),
  esp32s3: esp32('esp32s3', 'ESP32-S3', 'esp32/esp32s3'),
};

/** The target that `name` means, or `undefined`. */
export function findTarget(name: string): Target | undefined {
  return Object.hasOwn(TARGETS, name) ? TARGETS[name as TargetName] : undefined;
}

function esp32(name: TargetName, chip: string, platform: string): Target {
  return { name, chip, platform, manifest: 'manifests/esp32/manifest.json', toolchain: 'esp32' };
}
