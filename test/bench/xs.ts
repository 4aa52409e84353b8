// The XS benchmark: what the firmware's core takes in a real XS engine, in steps of the engine. There is no peer: the others run elsewhere.

import { EXIT_USAGE, UserError } from '../../host-sim/user-error.js';
import { INSTALL_COMMAND, isEngineInstalled, XsEngine } from '../xs/engine.js';
import { FIGURES, meter } from '../xs/meter.js';
import { type Figure, loneFigure, type Report } from './figure.js';

/** Figures `xs.publish.…` for a QoS 1 message and its acknowledgement, `xs.receive.…` for a byte, `xs.dht22.…` for an answer, `xs.spool`. */
export async function benchXs(args: readonly string[], report: Report): Promise<readonly Figure[]> {
  if (args.length > 0) throw new UserError(`${JSON.stringify(args[0])} is not allowed here.`, 'npm run bench -- xs', EXIT_USAGE);
  if (!isEngineInstalled()) throw new UserError('This benchmark needs the XS engine.', INSTALL_COMMAND);
  const engine = await XsEngine.start(new URL('../xs/guest.js', import.meta.url));
  try {
    const figures: Figure[] = [];
    for (const each of FIGURES) {
      figures.push(loneFigure(`xs.${each.name}`, await meter(engine, each), each.unit));
      report(`xs.${each.name}: ${each.job}`);
    }
    return figures;
  } finally {
    await engine.end();
  }
}
