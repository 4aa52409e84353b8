// One choice among a few, shown side by side: a group of radio buttons in another dress.

import { useId } from 'preact/hooks';

interface Choice<Value> {
  readonly value: Value;
  readonly label: string;
}

interface Props<Value extends string | number> {
  /** What is chosen here, for who does not see it. */
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value | undefined;
  onChoose(value: Value): void;
}

export function Segmented<Value extends string | number>({ label, choices, value, onChoose }: Props<Value>) {
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend class="unseen">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} class="segment">
          <input type="radio" name={name} checked={choice.value === value} onChange={() => onChoose(choice.value)} />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
