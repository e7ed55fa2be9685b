import type { JSX } from 'preact';
import { sizeText } from '../../state/bytes.js';
import type { SeenMessage } from '../../state/timeline/entry.js';
import { payloadOf } from '../../state/timeline/payload.js';
import { TEXTS } from '../../texts.js';
import { ImageOfBytes } from '../parts/image-of-bytes.js';
import { saveFile } from '../parts/save-file.js';
import { timeText } from '../parts/times.js';
import { ValueTree } from '../parts/value-tree.js';

/** One message as it stood on the wire. */
export function MessageView({ seen }: { readonly seen: SeenMessage }): JSX.Element {
  const { kind, atMs, broker, message } = seen;
  const facts: (readonly [name: string, value: string])[] = [
    [TEXTS.timeline.channel, message.channel],
    [TEXTS.timeline.contentType, message.contentType],
    [TEXTS.timeline.broker, broker],
  ];
  return (
    <section class="message">
      <h3>
        {kind} <span class="faint">{timeText(atMs)}</span>
      </h3>
      <Payload message={message} />
      <details>
        <summary>{TEXTS.timeline.headers}</summary>
        <dl class="facts">
          {[...facts, ...Object.entries(message.headers)].map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      </details>
    </section>
  );
}

function Payload({ message }: { readonly message: SeenMessage['message'] }): JSX.Element {
  const { payload, contentType } = message;
  const shown = payloadOf(message);
  if (shown.kind === 'json') return <ValueTree value={shown.value} open={3} />;
  if (shown.kind === 'empty') return <p class="faint">{TEXTS.tree.empty}</p>;
  if (shown.kind === 'text') return <pre>{new TextDecoder().decode(payload)}</pre>;
  return (
    <>
      {shown.kind === 'image' ? (
        <ImageOfBytes bytes={payload} contentType={contentType} alt={TEXTS.timeline.payload} />
      ) : (
        <p class="faint">{TEXTS.timeline.noText(sizeText(payload.length))}</p>
      )}
      <button
        type="button"
        class="quiet"
        onClick={() => saveFile('payload', payload as BlobPart, contentType)}
      >
        {TEXTS.operation.download(sizeText(payload.length))}
      </button>
    </>
  );
}
