// The card of one room: its value as large as can be, and everything that says how far to trust it.

import { Component } from 'preact';
import type { RoomWarning } from '../../api.js';
import type { RoomState } from '../model/room.js';
import { SPARK_HEIGHT, SPARK_WIDTH } from '../model/sparkline.js';
import { Icon } from '../parts/icon.js';
import { words } from '../words/words.js';
import { areEqual, type Facts } from './facts.js';

interface Props {
  readonly facts: Facts;
  readonly language: string;
  /** Without the fine print: for a house with many rooms. */
  readonly isCompact: boolean;
  /** `undefined` where a room may not be forgotten now. */
  readonly onForget: ((room: string) => void) | undefined;
}

/** States in which the value is no news any more. */
const DEAD: readonly RoomState[] = ['silent', 'sensor', 'offline', 'waiting'];

/** Less than this is no trend, °C. */
const STEADY = 0.15;

export class Card extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const { language, isCompact, onForget, facts } = this.props;
    return (
      next.language !== language ||
      next.isCompact !== isCompact ||
      (next.onForget === undefined) !== (onForget === undefined) ||
      !areEqual(next.facts, facts)
    );
  }

  render({ facts, isCompact, onForget }: Props) {
    const { name, state, temperature, age } = facts;
    const { rooms, format } = words.peek();
    const isDead = DEAD.includes(state);
    return (
      <article class={`card colour-${facts.colour} is-${state} ${isDead ? 'is-dead' : ''}`} data-room={name} data-state={state}>
        <h3 class="card-name">
          <span class="swatch" aria-hidden="true" />
          <bdi>{name}</bdi>
        </h3>
        <p class="card-values">
          <span class="card-temperature">
            {temperature === undefined ? '–' : format.decimal(temperature)}
            <small>°C</small>
          </span>
          <span class="card-humidity">
            {facts.humidity === undefined ? '–' : format.whole(facts.humidity)}
            <small>%</small>
          </span>
        </p>
        <p class="card-state">
          <span class="state">
            <span class="state-mark" aria-hidden="true" />
            {rooms.states[state]}
          </span>
          <span class="card-age">{age === undefined ? '' : format.age(age)}</span>
        </p>
        {!isCompact && <FinePrint facts={facts} isDead={isDead} />}
        <Alerts facts={facts} />
        {onForget && state === 'offline' && !facts.isVirtual && (
          <button type="button" class="button is-quiet card-forget" onClick={() => onForget(name)}>
            {rooms.forget}
          </button>
        )}
      </article>
    );
  }
}

function FinePrint({ facts, isDead }: { readonly facts: Facts; readonly isDead: boolean }) {
  const { rooms, format } = words.peek();
  const { trend, spark, meanTemperature, meanHumidity, minimum, maximum, minimumHumidity, maximumHumidity, rssi } = facts;
  const between = (low: number | undefined, high: number | undefined, write: (value: number) => string, unit = '') =>
    low === undefined || high === undefined ? '–' : `${write(low)} … ${write(high)}${unit}`;
  return (
    <div class="card-fine">
      <svg class="spark" viewBox={`0 -4 ${SPARK_WIDTH} ${SPARK_HEIGHT + 8}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={spark} />
      </svg>
      <dl class="figures">
        <Figure
          label={rooms.mean}
          value={meanTemperature === null ? '–' : `${format.decimal(meanTemperature)} °C`}
          second={meanHumidity === null ? '–' : `${format.whole(meanHumidity)} %`}
        />
        <Figure
          label={rooms.day}
          value={between(minimum, maximum, format.decimal)}
          second={between(minimumHumidity, maximumHumidity, format.whole, ' %')}
        />
        <div class="figure">
          <dt>{rooms.trend}</dt>
          <dd>{isDead || trend === undefined ? '–' : <Trend change={trend} />}</dd>
        </div>
        {rssi !== undefined && <Figure label={rooms.signal} value={`${rssi} dBm`} />}
      </dl>
    </div>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: string;
  /** Of humidity, below that of temperature. */
  readonly second?: string;
}

function Figure({ label, value, second }: FigureProps) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>{value}</dd>
      {second !== undefined && <dd>{second}</dd>}
    </div>
  );
}

function Trend({ change }: { readonly change: number }) {
  const { rooms, format } = words.peek();
  const direction = Math.abs(change) < STEADY ? 'flat' : change > 0 ? 'up' : 'down';
  return (
    <span class={`trend is-${direction}`}>
      <Icon name={direction} />
      {direction === 'flat' ? rooms.steady : `${format.change(change)} °C`}
    </span>
  );
}

/** What wants attention, if anything. */
function Alerts({ facts }: { readonly facts: Facts }) {
  const { rooms } = words.peek();
  const { buffered, sensorErrors, sensorFault, isWifiCut, warnings, state } = facts;
  const alerts = [
    ...(isWifiCut ? [rooms.wifiCut] : []),
    ...(buffered > 1 || (buffered > 0 && state !== 'online') ? [rooms.buffered(buffered)] : []),
    ...(sensorFault !== undefined ? [rooms.sensorFault(sensorFault)] : []),
    ...(sensorErrors > 0 ? [rooms.sensorErrors(sensorErrors)] : []),
  ];
  const conflicts = warnings === '' ? [] : warnings.split('\n').map(describeWarning);
  if (alerts.length + conflicts.length === 0) return null;
  return (
    <ul class="alerts">
      {conflicts.map((conflict) => (
        <li key={conflict} class="alert is-conflict">
          <Icon name="warning" />
          {conflict}
        </li>
      ))}
      {alerts.map((alert) => (
        <li key={alert} class="alert">
          {alert}
        </li>
      ))}
    </ul>
  );
}

function describeWarning(warning: string): string {
  const space = warning.indexOf(' ');
  return words.peek().rooms.warnings[warning.slice(0, space) as RoomWarning['kind']](warning.slice(space + 1));
}
