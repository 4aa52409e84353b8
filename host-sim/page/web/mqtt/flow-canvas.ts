// Draws the travelling messages: a curve for each way, a dot for each message. Works only while something travels.

import type { Travel, TravelKind } from '../model/flow.js';

/** Where a node of the picture can be entered and left, in CSS pixels. */
export interface Anchor {
  readonly in: readonly [x: number, y: number];
  readonly out: readonly [x: number, y: number];
}

/** More dots than these cannot be followed; they are counted instead. */
const TRAVELLING_MAXIMUM = 70;

/** With few dots, each carries its text, most of the way: not at its beginning, where those of one client lie on each other. */
const LABELLED_MAXIMUM = 14;
const LABEL_FROM = 0.25;
const LABEL_UNTIL = 0.7;
/** A line of text, in CSS pixels. */
const LABEL_LINE = 15;

const RADIUS: Readonly<Record<TravelKind, number>> = {
  publish: 7,
  delivery: 7,
  ack: 4,
  duplicate: 8,
  retained: 7,
  will: 8,
};

interface Travelling extends Travel {
  /** Of the picture's own clock, which stands still while it is paused. */
  readonly startMs: number;
}

/** A text that is drawn: its baseline begins there. */
interface Label {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export class FlowCanvas {
  /** Messages that travelled unseen, because there were too many at once. */
  skippedCount = 0;
  /** Milliseconds that a dot takes from node to node. */
  hopMs = 900;
  readonly #canvas: HTMLCanvasElement;
  readonly #isStill = matchMedia('(prefers-reduced-motion: reduce)');
  #anchors: ReadonlyMap<string, Anchor> = new Map();
  #isVertical = false;
  #travelling: Travelling[] = [];
  /** As many as there are pairs of nodes. */
  readonly #ways = new Map<string, Travel>();
  /** Of the picture as it is now. */
  #labels: Label[] = [];
  #clockMs = 0;
  #lastFrameMs: number | undefined;
  #isPaused = false;
  #frame = 0;
  #style: CSSStyleDeclaration;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#style = getComputedStyle(canvas);
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
    this.#lastFrameMs = undefined;
    this.#wake();
  }

  /** The nodes have moved, or others are there. */
  place(anchors: ReadonlyMap<string, Anchor>, isVertical: boolean): void {
    this.#anchors = anchors;
    this.#isVertical = isVertical;
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = clientWidth * devicePixelRatio;
    this.#canvas.height = clientHeight * devicePixelRatio;
    this.#draw();
  }

  add(travels: readonly Travel[]): void {
    for (const travel of travels) {
      if (travel.kind !== 'ack') this.#ways.set(`${travel.from}\n${travel.to}`, travel);
      if (this.#isPaused || this.#travelling.length >= TRAVELLING_MAXIMUM) this.skippedCount++;
      else this.#travelling.push({ ...travel, startMs: this.#clockMs + travel.afterHops * this.hopMs });
    }
    this.#wake();
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#travelling = [];
  }

  #wake(): void {
    if (this.#frame !== 0 || this.#isPaused || this.#travelling.length === 0) return;
    this.#frame = requestAnimationFrame((nowMs) => {
      this.#frame = 0;
      this.#clockMs += Math.min(100, nowMs - (this.#lastFrameMs ?? nowMs));
      this.#lastFrameMs = nowMs;
      this.#travelling = this.#travelling.filter(({ startMs }) => this.#clockMs - startMs < this.hopMs);
      this.#draw();
      if (this.#travelling.length === 0) this.#lastFrameMs = undefined;
      this.#wake();
    });
  }

  #draw(): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.#canvas.clientWidth, this.#canvas.clientHeight);
    context.font = `650 14px ${this.#style.getPropertyValue('--letters')}`;
    this.#drawWays(context);
    this.#labels = [];
    const started = this.#travelling.filter(({ startMs }) => startMs <= this.#clockMs);
    for (const travel of started) this.#drawTravel(context, travel, started.length <= LABELLED_MAXIMUM);
  }

  /** A faint line for each way that a message has taken, so that the picture is a graph also while nothing travels. */
  #drawWays(context: CanvasRenderingContext2D): void {
    context.strokeStyle = this.#style.getPropertyValue('--line');
    context.lineWidth = 1.5;
    for (const { from, to } of this.#ways.values()) {
      const [start, end] = this.#way(from, to);
      if (start && end) this.#stroke(context, start, end);
    }
  }

  #stroke(context: CanvasRenderingContext2D, start: Point, end: Point): void {
    const [first, second] = this.#controls(start, end);
    context.beginPath();
    context.moveTo(...start);
    context.bezierCurveTo(...first, ...second, ...end);
    context.stroke();
  }

  #drawTravel(context: CanvasRenderingContext2D, { kind, from, to, label, startMs }: Travelling, isLabelled: boolean): void {
    const [start, end] = this.#way(from, to);
    if (!start || !end) return;
    const colour = this.#style.getPropertyValue(`--flow-${kind}`);
    const part = this.#isStill.matches ? 0.5 : ease((this.#clockMs - startMs) / this.hopMs);
    context.strokeStyle = colour;
    context.lineWidth = kind === 'ack' ? 1 : 1.5;
    context.globalAlpha = 0.35;
    this.#stroke(context, start, end);
    context.globalAlpha = 1;
    const [x, y] = onCurve([start, ...this.#controls(start, end), end], part);
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, RADIUS[kind], 0, 2 * Math.PI);
    context.fill();
    if (kind === 'duplicate' || kind === 'will') {
      context.beginPath();
      context.arc(x, y, RADIUS[kind] + 4, 0, 2 * Math.PI);
      context.stroke();
    }
    if (!isLabelled || label === '' || part < LABEL_FROM || part > LABEL_UNTIL) return;
    this.#drawLabel(context, label, x + RADIUS[kind] + 5, y - 7);
  }

  /** A text that would lie on another one waits until there is room. */
  #drawLabel(context: CanvasRenderingContext2D, label: string, x: number, y: number): void {
    const { width } = context.measureText(label);
    const isFree = this.#labels.every(
      (other) => Math.abs(other.y - y) > LABEL_LINE || other.x + other.width < x || x + width < other.x,
    );
    if (!isFree) return;
    this.#labels.push({ x, y, width });
    context.fillStyle = this.#style.getPropertyValue('--ink');
    context.fillText(label, x, y);
  }

  /** Messages go from left to right, answers back: which side of a node they use depends on where the other one lies. */
  #way(from: string, to: string): [Point | undefined, Point | undefined] {
    const [a, b] = [this.#anchors.get(from), this.#anchors.get(to)];
    if (!a || !b) return [undefined, undefined];
    const axis = this.#isVertical ? 1 : 0;
    return a.out[axis] <= b.in[axis] ? [a.out, b.in] : [a.in, b.out];
  }

  #controls(start: Point, end: Point): [Point, Point] {
    if (this.#isVertical) {
      const middle = (start[1] + end[1]) / 2;
      return [
        [start[0], middle],
        [end[0], middle],
      ];
    }
    const middle = (start[0] + end[0]) / 2;
    return [
      [middle, start[1]],
      [middle, end[1]],
    ];
  }
}

type Point = readonly [x: number, y: number];

function ease(part: number): number {
  return part < 0.5 ? 2 * part * part : 1 - (2 - 2 * part) ** 2 / 2;
}

/** The point at `part` (0 to 1) of a cubic curve. */
function onCurve([a, b, c, d]: readonly [Point, Point, Point, Point], part: number): Point {
  const rest = 1 - part;
  const at = (axis: 0 | 1) =>
    rest ** 3 * a[axis] + 3 * rest * rest * part * b[axis] + 3 * rest * part * part * c[axis] + part ** 3 * d[axis];
  return [at(0), at(1)];
}
