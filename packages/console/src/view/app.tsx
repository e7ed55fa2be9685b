import type { JSX } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import type { ConsoleState } from '../state/console.js';
import { linkTo, type Route } from '../state/route.js';
import { TEXTS } from '../texts.js';
import { ConnectionBar } from './connection-bar.js';
import { ConsoleContext, useConsole } from './console-context.js';
import { Login } from './login.js';
import { SavedPage } from './saved-page.js';
import { ServicePage } from './services/service-page.js';
import { ServicesPage } from './services/services-page.js';
import { TimelinePage } from './timeline/timeline-page.js';

// Forms and plots are large, and whoever looks at services needs neither.
const OperationPage = lazy(async () => (await import('./try/operation-page.js')).OperationPage);
const PlotsPage = lazy(async () => (await import('./plots/plots-page.js')).PlotsPage);

const PAGES = [
  { name: 'services', route: { page: 'services', search: '' } },
  { name: 'timeline', route: { page: 'timeline', query: {} } },
  { name: 'plots', route: { page: 'plots', series: [] } },
  { name: 'saved', route: { page: 'saved' } },
] as const satisfies readonly { name: keyof typeof TEXTS.pages; route: Route }[];

export function App({ state }: { readonly state: ConsoleState }): JSX.Element {
  return (
    <ConsoleContext.Provider value={state}>
      <button type="button" class="skip" onClick={focusContent}>
        {TEXTS.skip}
      </button>
      <header>
        <strong class="product">{TEXTS.product}</strong>
        <Navigation />
        <Health />
        {state.readOnly && <span class="badge">{TEXTS.readOnly}</span>}
      </header>
      <ConnectionBar />
      <main id="content" tabIndex={-1}>
        <Inside />
      </main>
    </ConsoleContext.Provider>
  );
}

/** Past the navigation. No link: the fragment of the address says where one is, and must not become `#content`. */
function focusContent(): void {
  document.getElementById('content')?.focus();
}

function Navigation(): JSX.Element {
  const { page } = useConsole().route.value;
  const current = page === 'service' || page === 'operation' ? 'services' : page;
  return (
    <nav aria-label={TEXTS.connection.navigation}>
      {PAGES.map(({ name, route }) => (
        <a key={name} href={linkTo(route)} aria-current={name === current ? 'page' : undefined}>
          {TEXTS.pages[name]}
        </a>
      ))}
    </nav>
  );
}

/** That all is well; what is not, the bar below says. */
function Health(): JSX.Element | null {
  const { phase, isConnected } = useConsole();
  if (phase.value.kind !== 'ready' || !isConnected.value) return null;
  return <span class="health">{TEXTS.connection.open}</span>;
}

function Inside(): JSX.Element {
  const phase = useConsole().phase.value;
  if (phase.kind === 'login') return <Login refused={phase.refused} />;
  return (
    <Suspense fallback={<p class="faint">…</p>}>
      <Page />
    </Suspense>
  );
}

function Page(): JSX.Element {
  const route = useConsole().route.value;
  switch (route.page) {
    case 'services':
      return <ServicesPage search={route.search} />;
    case 'service':
      return <ServicePage key={route.address} address={route.address} tab={route.tab} />;
    case 'operation': {
      const { address, operation, saved } = route;
      return <OperationPage key={linkTo(route)} address={address} operation={operation} saved={saved} />;
    }
    case 'timeline':
      return <TimelinePage query={route.query} entry={route.entry} />;
    case 'plots':
      return <PlotsPage series={route.series} />;
    case 'saved':
      return <SavedPage />;
  }
}
