// Sets the weather: how much warmer and damper every virtual room becomes.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Weather } from '../../api.js';
import { request } from '../live/teacher.js';
import { words } from '../words/words.js';

const LIMITS = { temperature: 15, humidity: 40 } as const;
const UNITS = { temperature: '°C', humidity: '%' } as const;

export function WeatherPanel({ weather }: { readonly weather: Weather }) {
  const t = words.value;
  /** What is being chosen; what the server says goes before as soon as it is said. */
  const chosen = useSignal(weather);
  useEffect(() => {
    chosen.value = weather;
  }, [weather.temperature, weather.humidity]);
  return (
    <section class="panel">
      <h2>{t.break.weather}</h2>
      {(['temperature', 'humidity'] as const).map((quantity) => (
        <label key={quantity} class="field">
          <span>
            {t.chart.quantities[quantity]}{' '}
            <b class="chosen-value">
              {t.format.change(chosen.value[quantity])} {UNITS[quantity]}
            </b>
          </span>
          <input
            type="range"
            min={-LIMITS[quantity]}
            max={LIMITS[quantity]}
            step={1}
            value={chosen.value[quantity]}
            onInput={(event) => {
              chosen.value = { ...chosen.value, [quantity]: Number(event.currentTarget.value) };
            }}
            onChange={() => request('/api/weather', chosen.value)}
          />
        </label>
      ))}
      <p class="note">{t.break.weatherHint}</p>
    </section>
  );
}
