import type { JSX } from 'preact';
import { linkTo } from '../../state/route.js';
import { matching } from '../../state/services.js';
import { TEXTS } from '../../texts.js';
import type { ListedService } from '../../worker/protocol.js';
import { useConsole } from '../console-context.js';
import { timeText } from '../parts/times.js';
import { StateBadge } from './state-badge.js';

/** Which services there are, as they come and go. */
export function ServicesPage({ search }: { readonly search: string }): JSX.Element {
  const state = useConsole();
  const all = state.services.value;
  const shown = matching(all, search);
  return (
    <>
      <h1>{TEXTS.pages.services}</h1>
      <div class="tools">
        <label class="grow">
          {TEXTS.services.search}
          <input
            type="search"
            value={search}
            onInput={({ currentTarget }) => state.go({ page: 'services', search: currentTarget.value })}
          />
        </label>
        <span class="faint" role="status">
          {TEXTS.services.count(shown.length, all.size)}
        </span>
      </div>
      {shown.length === 0 ? (
        <p class="faint">{all.size === 0 ? TEXTS.services.none : TEXTS.services.noMatch}</p>
      ) : (
        <table class="stacked">
          <thead>
            <tr>
              <th>{TEXTS.services.address}</th>
              <th>{TEXTS.services.state}</th>
              <th>{TEXTS.services.since}</th>
              <th>{TEXTS.services.instances}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((service) => (
              <ServiceRow key={service.address} service={service} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function ServiceRow({ service }: { readonly service: ListedService }): JSX.Element {
  const { address, state, sinceMs, instances } = service;
  return (
    <tr>
      <td>
        <a class="address" href={linkTo({ page: 'service', address, tab: 'operations' })}>
          {address}
        </a>
      </td>
      <td>
        <StateBadge state={state} />
      </td>
      <td data-label={TEXTS.services.since}>{timeText(sinceMs)}</td>
      <td data-label={TEXTS.services.instances}>{instances ?? TEXTS.services.instancesUnknown}</td>
    </tr>
  );
}
