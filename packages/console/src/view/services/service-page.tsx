import type { JSX } from 'preact';
import type { Described } from '../../state/console.js';
import { jsonText } from '../../state/json.js';
import { linkTo, type ServiceTab } from '../../state/route.js';
import { TEXTS } from '../../texts.js';
import type { ListedService } from '../../worker/protocol.js';
import { useConsole } from '../console-context.js';
import { CodeBlock } from '../parts/code-block.js';
import { timeText } from '../parts/times.js';
import { EventList } from './event-list.js';
import { OperationList } from './operation-list.js';
import { StateBadge } from './state-badge.js';
import { StatusHistory } from './status-history.js';

interface ServicePageProps {
  readonly address: string;
  readonly tab: ServiceTab;
}

const TABS: readonly ServiceTab[] = ['operations', 'events', 'status', 'schema'];

/** One service: how it is, and what it can do. */
export function ServicePage({ address, tab }: ServicePageProps): JSX.Element {
  const state = useConsole();
  const service = state.services.value.get(address);
  const described = state.described(address).value;
  return (
    <>
      <h1 class="address">{address}</h1>
      {service ? <HowItIs service={service} /> : <p class="faint">{TEXTS.service.unknown}</p>}
      <nav class="tabs" aria-label={TEXTS.service.tabList}>
        {TABS.map((name) => (
          <a
            key={name}
            href={linkTo({ page: 'service', address, tab: name })}
            aria-current={name === tab ? 'page' : undefined}
          >
            {TEXTS.service.tabs[name]}
          </a>
        ))}
        <a href={linkTo({ page: 'timeline', query: { service: address } })}>{TEXTS.service.onTimeline}</a>
      </nav>
      {tab === 'status' ? (
        <StatusHistory address={address} />
      ) : (
        <FromDocument address={address} tab={tab} described={described} />
      )}
    </>
  );
}

function HowItIs({ service }: { readonly service: ListedService }): JSX.Element {
  const { state, sinceMs, lastSeenMs, instances, blockedKeys, reason } = service;
  return (
    <dl class="facts">
      <dt>{TEXTS.services.state}</dt>
      <dd>
        <StateBadge state={state} /> {TEXTS.services.stateMeans[state]}
      </dd>
      <dt>{TEXTS.services.since}</dt>
      <dd>{timeText(sinceMs)}</dd>
      <dt>{TEXTS.services.lastSeen}</dt>
      <dd>{lastSeenMs === undefined ? TEXTS.services.instancesUnknown : timeText(lastSeenMs)}</dd>
      <dt>{TEXTS.services.instances}</dt>
      <dd>{instances ?? TEXTS.services.instancesUnknown}</dd>
      {blockedKeys.length > 0 && (
        <>
          <dt>{TEXTS.service.blockedKeys}</dt>
          <dd>{blockedKeys.join(', ')}</dd>
        </>
      )}
      {reason !== undefined && (
        <>
          <dt>{TEXTS.service.reason}</dt>
          <dd>{reason}</dd>
        </>
      )}
    </dl>
  );
}

function FromDocument({
  address,
  tab,
  described,
}: ServicePageProps & { readonly described: Described }): JSX.Element {
  if (described.kind === 'loading') return <p class="faint">{TEXTS.service.loading}</p>;
  if (described.kind === 'unknown') return <p class="faint">{TEXTS.service.noDocument(described.reason)}</p>;
  const { description, document } = described;
  if (tab === 'schema') {
    return <CodeBlock label={TEXTS.service.document} text={jsonText(document)} />;
  }
  if (tab === 'events') return <EventList address={address} capabilities={description.capabilities} />;
  return <OperationList address={address} capabilities={description.capabilities} />;
}
