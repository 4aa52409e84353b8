// Starts a simulated house with its page: the broker with its rights, the virtual rooms, and the server of the page on top.

import type { Login } from './broker/login.js';
import { FIRMWARE_VERSION } from './device.js';
import type { SimulatorOptions } from './options/options.js';
import { type ClassAccess, createClassAccess } from './page/class-access.js';
import { Flow } from './page/flow.js';
import { lanCardLines } from './page/lan.js';
import type { Page, PageSubject } from './page/page.js';
import type { Reporter } from './reporter.js';
import { Simulation } from './simulation.js';
import { languageOf } from './view/words.js';

export interface House {
  /** Prepared: its rooms begin with `run`. */
  readonly simulation: Simulation;
  readonly page: Page | undefined;
  /** What a class needs to see, where the page serves one; else empty. */
  readonly card: readonly string[];
}

/** Throws `UserError` where a port or a directory cannot be had. */
export async function startHouse(options: SimulatorOptions, reporter: Reporter): Promise<House> {
  if (!options.page) return { simulation: await Simulation.prepare(options, reporter), page: undefined, card: [] };
  const flow = options.embedded && new Flow();
  const access = options.page.isLan ? accessFor(options, (clientId) => simulation?.hasClient(clientId) ?? false) : undefined;
  const rights = access?.rights;
  const simulation = await Simulation.prepare(options, reporter, {
    ...(flow && { observe: flow.observe }),
    ...(options.page.isLan && { host: '0.0.0.0' }),
    ...(rights && { rights }),
  });
  try {
    // Its libraries are loaded only where there is a page.
    const { Page } = await import('./page/page.js');
    const page = await Page.start(options.page, describeSubject(options, simulation, flow, access));
    return { simulation, page, card: access && page.address ? cardLines(options, simulation, page.address, access) : [] };
  } catch (error) {
    await simulation.abandon();
    throw error;
  }
}

function loginOf({ settings: { user, password } }: SimulatorOptions): Login | undefined {
  return user === '' ? undefined : { user, password };
}

function accessFor(options: SimulatorOptions, isVirtual: (clientId: string) => boolean): ClassAccess {
  const { prefix, template } = options.settings;
  const topics = { prefix, template, maps: options.page?.maps ?? [] };
  return createClassAccess(loginOf(options), options.embedded !== undefined, topics, isVirtual);
}

function describeSubject(
  options: SimulatorOptions,
  simulation: Simulation,
  flow: Flow | undefined,
  access: ClassAccess | undefined,
): PageSubject {
  const { prefix, template, interval } = options.settings;
  return {
    version: FIRMWARE_VERSION,
    prefix,
    template,
    intervalSeconds: interval,
    language: languageOf(process.env),
    broker: {
      url: simulation.embeddedUrl ?? simulation.brokerUrl,
      shownUrl: simulation.brokerUrl,
      credentials: options.credentials,
      login: loginOf(options),
    },
    access,
    flow,
    controls: simulation.pageControls,
  };
}

function cardLines(options: SimulatorOptions, simulation: Simulation, address: string, { key }: ClassAccess): string[] {
  const { user, password } = options.settings;
  const { mqttPort, brokerUrl } = simulation;
  return lanCardLines({
    language: languageOf(process.env),
    address,
    broker: mqttPort === undefined ? brokerUrl : `mqtt://${new URL(address).hostname}:${mqttPort}`,
    user: user === '' ? undefined : user,
    password: options.isLoginMade ? password : undefined,
    key,
  });
}
