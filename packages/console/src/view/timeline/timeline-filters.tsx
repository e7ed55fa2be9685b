import type { ComponentChildren, JSX } from 'preact';
import { ENTRY_KINDS, ENTRY_STATES } from '../../state/timeline/filter-query.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';

type Query = Readonly<Record<string, string>>;

/** What to show; it stands in the link. */
export function TimelineFilters({ query }: { readonly query: Query }): JSX.Element {
  const state = useConsole();
  const set = (name: string, value: string): void =>
    state.go({ page: 'timeline', query: { ...query, [name]: value } });
  const box = (name: 'text' | 'service' | 'operation' | 'campaign'): JSX.Element => (
    <label>
      {TEXTS.timeline[name]}
      <input
        type="search"
        value={query[name] ?? ''}
        onInput={({ currentTarget }) => set(name, currentTarget.value)}
      />
    </label>
  );
  const list = (name: 'kind' | 'state', options: ComponentChildren): JSX.Element => (
    <label>
      {TEXTS.timeline[name]}
      <select value={query[name] ?? ''} onChange={({ currentTarget }) => set(name, currentTarget.value)}>
        <option value="">{TEXTS.timeline.any}</option>
        {options}
      </select>
    </label>
  );
  return (
    <fieldset class="filters">
      <legend class="hidden">{TEXTS.timeline.filters}</legend>
      {box('text')}
      {box('service')}
      {box('operation')}
      {box('campaign')}
      {list(
        'kind',
        ENTRY_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {TEXTS.timeline.kinds[kind]}
          </option>
        )),
      )}
      {list(
        'state',
        ENTRY_STATES.map((each) => (
          <option key={each} value={each}>
            {TEXTS.timeline.states[each]}
          </option>
        )),
      )}
    </fieldset>
  );
}
