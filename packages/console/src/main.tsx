import { render } from 'preact';
import { ConsoleState } from './state/console.js';
import { takeToken } from './state/token.js';
import type { WorkerPort } from './state/worker-link.js';
import { TEXTS } from './texts.js';
import type { ConsoleSettings } from './tunnel/index.js';
import { App } from './view/app.js';
import './style/colours.css';
import './style/page.css';
import './style/controls.css';
import './style/content.css';
import './style/forms.css';
import './style/narrow.css';

await begin(document.getElementById('page') as HTMLElement);

async function begin(place: HTMLElement): Promise<void> {
  const { token, fragment } = takeToken(location.hash, sessionStorage);
  if (fragment !== location.hash) history.replaceState(null, '', fragment || '#/services');
  if (token === undefined) return say(TEXTS.connection.noToken);
  const answer = await fetch('config.json', { headers: { authorization: `Bearer ${token}` } }).catch(
    () => undefined,
  );
  if (!answer) return say(TEXTS.connection.noServer);
  if (!answer.ok) return say(TEXTS.connection.oldToken);
  const settings = (await answer.json()) as ConsoleSettings;
  const worker = new Worker(new URL('./worker/main.ts', import.meta.url), { type: 'module' });
  const state = new ConsoleState({
    worker: worker as unknown as WorkerPort,
    base: new URL('.', location.href).href.replace(/^http/, 'ws'),
    token,
    settings,
    kept: localStorage,
    session: sessionStorage,
    fragment: () => location.hash,
    go: (next) => {
      location.hash = next;
    },
  });
  addEventListener('hashchange', () => state.routed());
  render(<App state={state} />, place);
  state.start();

  function say(sentence: string): void {
    render(
      <main>
        <h1>{TEXTS.product}</h1>
        <p role="alert">{sentence}</p>
      </main>,
      place,
    );
  }
}
