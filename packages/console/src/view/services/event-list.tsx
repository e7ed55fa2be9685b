import type { CapabilityDescription, JsonSchema } from '@intersect-sdk/schema/document';
import type { JSX } from 'preact';
import { jsonText } from '../../state/json.js';
import { seriesText } from '../../state/plots/series-name.js';
import { linkTo } from '../../state/route.js';
import { TEXTS } from '../../texts.js';

interface EventListProps {
  readonly address: string;
  readonly capabilities: readonly CapabilityDescription[];
}

/** What a service tells by itself. */
export function EventList({ address, capabilities }: EventListProps): JSX.Element {
  const withEvents = capabilities.filter(({ events }) => events.length > 0);
  if (withEvents.length === 0) return <p class="faint">{TEXTS.service.noEvents}</p>;
  return (
    <>
      {withEvents.map(({ name, events }) => (
        <section key={name} class="card">
          <h2>{name}</h2>
          <ul class="list">
            {events.map(({ name: event, description, contentType, schema }) => (
              <li key={event}>
                <strong>{event}</strong> <span class="faint">{contentType}</span>{' '}
                <a
                  href={linkTo({
                    page: 'timeline',
                    query: { service: address, operation: `${name}.${event}`, kind: 'event' },
                  })}
                >
                  {TEXTS.service.onTimeline}
                </a>{' '}
                <a
                  href={linkTo({
                    page: 'plots',
                    series: seriesOf({ address, name: `${name}.${event}`, schema, contentType }),
                  })}
                >
                  {TEXTS.service.plot}
                </a>
                {description && <div class="faint">{description}</div>}
                <details>
                  <summary>{TEXTS.service.tabs.schema}</summary>
                  <pre>{jsonText(schema)}</pre>
                </details>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface EventFacts {
  readonly address: string;
  readonly name: string;
  readonly schema: JsonSchema;
  readonly contentType: string;
}

/** What to plot of an event: itself where it is a number or a picture; else it is chosen there, once one has passed. */
function seriesOf({ address, name, schema, contentType }: EventFacts): string[] {
  const { type } = schema as { readonly type?: unknown };
  const isWhole = contentType.startsWith('image/') || type === 'integer' || type === 'number';
  return isWhole ? [seriesText({ address, kind: 'event', name, path: '' })] : [];
}
