// The frame of the page: its head with the ways to go, the view that was chosen, and what is said in passing.

import { BreakView } from './break/break-view.js';
import { ChartView } from './chart/chart-view.js';
import { ClassView } from './class/class-view.js';
import { LoginForm } from './class/login-form.js';
import { ExportView } from './data/export-view.js';
import { phase } from './live/store.js';
import { MqttView } from './mqtt/mqtt-view.js';
import { Header } from './parts/header.js';
import { route, type ViewName } from './parts/route.js';
import { Toast } from './parts/toast.js';
import { RoomsView } from './rooms/rooms-view.js';
import { words } from './words/words.js';

const VIEWS: Readonly<Record<ViewName, () => preact.JSX.Element | null>> = {
  rooms: RoomsView,
  chart: ChartView,
  mqtt: MqttView,
  break: BreakView,
  data: ExportView,
  class: ClassView,
};

export function App() {
  const View = VIEWS[route.value.view];
  const t = words.value;
  return (
    <>
      <a class="skip" href="#main">
        {t.skip}
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <h1 class="unseen">{`station-météo · ${t.nav[route.value.view]}`}</h1>
        {phase.value === 'inside' && <View key={route.value.view} />}
        {phase.value === 'login' && <LoginForm />}
      </main>
      <Toast />
    </>
  );
}
