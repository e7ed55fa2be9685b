import type { ServiceDescription } from '@intersect-sdk/schema/document';
import type { JSX } from 'preact';
import { operationsOf } from '../../state/requests/operation.js';
import { linkTo } from '../../state/route.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';
import { AnswerPanel } from './answer-panel.js';
import { RequestPanel } from './request-panel.js';

interface OperationPageProps {
  readonly address: string;
  readonly operation: string;
  /** A saved request to begin with. */
  readonly saved: string | undefined;
}

/** One operation, to be tried. */
export function OperationPage({ address, operation, saved }: OperationPageProps): JSX.Element {
  const described = useConsole().described(address).value;
  return (
    <>
      <p>
        <a class="address" href={linkTo({ page: 'service', address, tab: 'operations' })}>
          {address}
        </a>
      </p>
      <h1>{operation}</h1>
      {described.kind === 'loading' && <p class="faint">{TEXTS.service.loading}</p>}
      {described.kind === 'unknown' && <p class="faint">{TEXTS.service.noDocument(described.reason)}</p>}
      {described.kind === 'known' && (
        <Known {...{ address, operation, saved, description: described.description }} />
      )}
    </>
  );
}

function Known(props: OperationPageProps & { readonly description: ServiceDescription }): JSX.Element {
  const { address, operation, saved, description } = props;
  const run = useConsole().requests.run(address, operation).value;
  const known = operationsOf(description).find(({ fullName }) => fullName === operation);
  if (!known) return <p class="faint">{TEXTS.operation.unknown(operation)}</p>;
  return (
    <>
      {known.description && <p>{known.description}</p>}
      <RequestPanel address={address} operation={known} definitions={description.definitions} saved={saved} />
      {run && <AnswerPanel run={run} operation={operation} isStream={known.isStream} />}
    </>
  );
}
