// What the page can do to a simulated house, and what it sees of it. The simulation implements it.

import type { AddRoomRequest, BrokerRequest, SensorRequest, SimulatorState, Weather, WifiRequest } from './api.js';

/** Something that cannot be done now, said in a sentence: there is no such room, the broker is elsewhere. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** Each of these throws `ControlError` where it cannot be done. */
export interface SimulatorControls {
  state(): SimulatorState;
  setWifi(room: string, request: WifiRequest): void;
  setSensor(room: string, request: SensorRequest): void;
  /** The board loses what it has in memory, and starts again at once. */
  pullPower(room: string): void;
  addRoom(request: AddRoomRequest): void;
  setBroker(request: BrokerRequest): Promise<void>;
  setWeather(weather: Weather): void;
}
