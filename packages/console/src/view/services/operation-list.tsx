import type { CapabilityDescription } from '@intersect-sdk/schema/document';
import type { JSX } from 'preact';
import { linkTo } from '../../state/route.js';
import { TEXTS } from '../../texts.js';

interface OperationListProps {
  readonly address: string;
  readonly capabilities: readonly CapabilityDescription[];
}

/** What a service can be asked for; each leads to the form for it. */
export function OperationList({ address, capabilities }: OperationListProps): JSX.Element {
  const withOperations = capabilities.filter(({ operations }) => operations.length > 0);
  if (withOperations.length === 0) return <p class="faint">{TEXTS.service.noOperations}</p>;
  return (
    <>
      {withOperations.map(({ name, description, operations }) => (
        <section key={name} class="card">
          <h2>{name}</h2>
          {description && <p class="faint">{description}</p>}
          <ul class="list">
            {operations.map((operation) => (
              <li key={operation.name}>
                <a href={linkTo({ page: 'operation', address, operation: `${name}.${operation.name}` })}>
                  {operation.name}
                </a>
                {!operation.request && <span class="faint"> {TEXTS.service.takesNothing}</span>}
                {operation.description && <div class="faint">{operation.description}</div>}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
