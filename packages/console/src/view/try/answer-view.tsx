import type { JSX } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { useState } from 'preact/hooks';
import { sizeText } from '../../state/bytes.js';
import { jsonText } from '../../state/json.js';
import { type AnswerWay, numbersOf, rowsOf, waysOf } from '../../state/requests/answer-ways.js';
import { TEXTS } from '../../texts.js';
import type { Answer } from '../../worker/protocol.js';
import { Choice } from '../parts/choice.js';
import { CodeBlock } from '../parts/code-block.js';
import { ImageOfBytes } from '../parts/image-of-bytes.js';
import { saveFile } from '../parts/save-file.js';
import { ValueTree } from '../parts/value-tree.js';
import { ValueTable } from './value-table.js';

const NumbersPlot = lazy(async () => (await import('../plots/numbers-plot.js')).NumbersPlot);

/** An answer in the ways in which it can be looked at. */
export function AnswerView({
  answer,
}: {
  readonly answer: Pick<Answer, 'payload' | 'contentType'>;
}): JSX.Element {
  const { payload, contentType } = answer;
  const ways = waysOf(payload, contentType);
  const [wanted, want] = useState<AnswerWay>();
  const way = wanted !== undefined && ways.includes(wanted) ? wanted : ways[0];
  return (
    <>
      {ways.length > 1 && way && (
        <Choice
          label={TEXTS.operation.viewsLabel}
          names={ways}
          chosen={way}
          text={(name) => TEXTS.operation.views[name]}
          onChoose={want}
        />
      )}
      {way === 'tree' && <ValueTree value={payload} open={3} />}
      {way === 'json' && <CodeBlock label={TEXTS.operation.answer} text={jsonText(payload)} />}
      {way === 'table' && <ValueTable rows={rowsOf(payload)} />}
      {way === 'plot' && (
        <Suspense fallback={<p class="faint">…</p>}>
          <NumbersPlot numbers={numbersOf(payload)} />
        </Suspense>
      )}
      {payload instanceof Uint8Array && (
        <>
          {way === 'image' && (
            <ImageOfBytes bytes={payload} contentType={contentType} alt={TEXTS.operation.answer} />
          )}
          <p>
            <button type="button" onClick={() => saveFile('answer', payload as BlobPart, contentType)}>
              {TEXTS.operation.download(sizeText(payload.length))}
            </button>
          </p>
        </>
      )}
    </>
  );
}
