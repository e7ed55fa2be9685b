import type { JSX } from 'preact';
import { JSON_TYPE } from '../../state/requests/operation.js';
import type { Entry } from '../../state/timeline/entry.js';
import { payloadOf } from '../../state/timeline/payload.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';

/** A request that passed, whoever sent it, as the beginning of another one. */
export function EditAndSend({ entry }: { readonly entry: Entry }): JSX.Element | null {
  const state = useConsole();
  const request = entry.messages.find(({ kind }) => kind === 'request');
  const { service: address, what: operation } = entry;
  if (!request || state.readOnly || operation === '') return null;
  const edit = (): void => {
    const { kind, value } = payloadOf(request.message);
    if (kind === 'json' && (request.message.contentType || JSON_TYPE) === JSON_TYPE) {
      state.requests.keepDraft(address, operation, value);
    }
    state.go({ page: 'operation', address, operation });
  };
  return (
    <button type="button" onClick={edit}>
      {TEXTS.timeline.sendAgain}
    </button>
  );
}
