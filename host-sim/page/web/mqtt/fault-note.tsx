// Says which rule of MQTT a topic or a filter breaks, and where; or that it breaks none.

import { shorten, visible } from '../model/preview.js';
import type { Fault } from '../model/topic-rules.js';
import { words } from '../words/words.js';

interface Props {
  readonly id: string;
  readonly text: string;
  readonly fault: Fault | undefined;
}

export function FaultNote({ id, text, fault }: Props) {
  const { rules } = words.value;
  const level = fault && fault.level >= 0 ? text.split('/')[fault.level] : undefined;
  return (
    <p id={id} class={fault ? 'fault' : 'fault is-none'} role="status">
      {fault && (
        <>
          {level !== undefined && (
            <>
              {rules.atLevel(fault.level + 1)} <code>{shorten(visible(level), 40)}</code>{' '}
            </>
          )}
          {rules.broken[fault.rule]} <span class="clause">[{fault.clause}]</span>
        </>
      )}
    </p>
  );
}
