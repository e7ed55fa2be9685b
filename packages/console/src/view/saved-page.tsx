import type { JSX } from 'preact';
import { linkTo } from '../state/route.js';
import { TEXTS } from '../texts.js';
import { useConsole } from './console-context.js';

/** Requests that were kept for another time. */
export function SavedPage(): JSX.Element {
  const { requests } = useConsole();
  const saved = requests.saved.value;
  return (
    <>
      <h1>{TEXTS.pages.saved}</h1>
      {saved.length === 0 && <p class="faint">{TEXTS.saved.none}</p>}
      <ul class="cards">
        {saved.map(({ id, name, address, operation, argument }) => (
          <li key={id} class="card">
            <h2>{name}</h2>
            <p>
              <code>{operation}</code> <span class="faint address">{address}</span>
            </p>
            {argument !== undefined && <pre>{argument}</pre>}
            <div class="buttons">
              <a class="button" href={linkTo({ page: 'operation', address, operation, saved: id })}>
                {TEXTS.saved.open}
              </a>
              <button
                type="button"
                class="quiet"
                aria-label={TEXTS.saved.removeNamed(name)}
                onClick={() => requests.remove(id)}
              >
                {TEXTS.saved.remove}
              </button>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
