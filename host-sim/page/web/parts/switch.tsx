// A switch that says what it switches.

interface Props {
  readonly label: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  onSwitch(isOn: boolean): void;
}

export function Switch({ label, isOn, isDisabled = false, onSwitch }: Props) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        disabled={isDisabled}
        // What the switch shows is what is so: it follows the answer, not the click.
        onClick={(event) => {
          event.preventDefault();
          onSwitch(!isOn);
        }}
      />
      <span class="switch-track" aria-hidden="true" />
      <span class="switch-label">{label}</span>
    </label>
  );
}
