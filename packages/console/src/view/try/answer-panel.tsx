import type { JSX } from 'preact';
import { JSON_TYPE } from '../../state/requests/operation.js';
import type { Run, StreamSoFar } from '../../state/requests/request-state.js';
import { linkTo } from '../../state/route.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';
import { durationText } from '../parts/times.js';
import { AnswerView } from './answer-view.js';

interface AnswerPanelProps {
  readonly run: Run;
  readonly operation: string;
  readonly isStream: boolean;
}

/** What became of the request. */
export function AnswerPanel({ run, operation, isStream }: AnswerPanelProps): JSX.Element {
  const { requests } = useConsole();
  return (
    <section class="card" aria-label={TEXTS.operation.answer}>
      <div role="status">
        {run.kind === 'waiting' && <h2>{TEXTS.operation.sending}</h2>}
        {run.kind === 'answered' && <h2>{TEXTS.operation.answered(durationText(run.answer.durationMs))}</h2>}
        {run.kind === 'failed' && (
          <h2>{run.problem.code === 'REMOTE_ERROR' ? TEXTS.operation.refusedBy : TEXTS.operation.failed}</h2>
        )}
      </div>
      {run.kind === 'waiting' && <Waiting run={run} onCancel={() => requests.stopWaiting(run.key)} />}
      {run.kind === 'answered' && run.answer.count !== undefined && (
        <p class="faint">{TEXTS.operation.itemsInAll(countOf(run.answer.payload), run.answer.count)}</p>
      )}
      {run.kind === 'answered' && <AnswerView answer={run.answer} />}
      {run.kind !== 'answered' && run.stream && <StreamView stream={run.stream} />}
      {run.kind === 'failed' && (
        <>
          <p class="problem">{run.problem.message}</p>
          <p class="faint">
            <code>{run.problem.code}</code> {run.problem.mayHaveRun && TEXTS.operation.stillRuns}
          </p>
        </>
      )}
      {isStream && (
        <p>
          <a href={linkTo({ page: 'plots', series: [] })}>{TEXTS.operation.plotItems}</a>
        </p>
      )}
      <p>
        <a href={linkTo({ page: 'timeline', query: { operation } })}>{TEXTS.operation.seeTimeline}</a>
      </p>
    </section>
  );
}

function countOf(payload: unknown): number {
  return Array.isArray(payload) ? payload.length : 0;
}

/** The newest items, while more come. */
function StreamView({ stream }: { readonly stream: StreamSoFar }): JSX.Element {
  const { items, count } = stream;
  return (
    <>
      <p class="faint">{TEXTS.operation.itemsSoFar(items.length, count)}</p>
      <AnswerView answer={{ payload: items, contentType: JSON_TYPE }} />
    </>
  );
}

interface WaitingProps {
  readonly run: Run & { readonly kind: 'waiting' };
  readonly onCancel: () => void;
}

/** How far it is, where the service says so. */
function Waiting({ run, onCancel }: WaitingProps): JSX.Element {
  const { fraction, message } = run.progress ?? {};
  return (
    <div class="tools">
      {run.progress && <progress aria-label={TEXTS.operation.progress} max={1} value={fraction} />}
      {message !== undefined && <span>{message}</span>}
      <button type="button" onClick={onCancel}>
        {TEXTS.operation.stopWaiting}
      </button>
      <span class="faint">{TEXTS.operation.cancelMeans}</span>
    </div>
  );
}
