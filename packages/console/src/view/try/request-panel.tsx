import type { Issue } from '@intersect-sdk/core';
import type { JsonSchema } from '@intersect-sdk/schema/document';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { argumentCheckOf } from '../../state/form/argument-check.js';
import { commandText, programText } from '../../state/requests/call-text.js';
import { JSON_TYPE, type KnownOperation } from '../../state/requests/operation.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';
import { CopyButton } from '../parts/copy-button.js';
import { ArgumentEditor } from './argument-editor.js';
import { AskFirst } from './ask-first.js';
import { firstArgument } from './first-argument.js';
import { SaveRequest } from './save-request.js';

interface RequestPanelProps {
  readonly address: string;
  readonly operation: KnownOperation;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  readonly saved: string | undefined;
}

const PRESET_TIMEOUT_S = 60;
const NO_ISSUES: readonly Issue[] = [];

/** The argument of a request, and the button that sends it. */
export function RequestPanel({ address, operation, definitions, saved }: RequestPanelProps): JSX.Element {
  const { requests, readOnly } = useConsole();
  const { fullName, request, isStream } = operation;
  const contentType = request?.contentType ?? JSON_TYPE;
  const [argument, setArgument] = useState(() =>
    firstArgument({
      operation,
      definitions,
      saved: requests.saved.peek().find(({ id }) => id === saved),
      draft: requests.draft(address, fullName),
    }),
  );
  const [issues, setIssues] = useState(NO_ISSUES);
  const [timeoutS, setTimeoutS] = useState(PRESET_TIMEOUT_S);
  const [asks, setAsks] = useState(false);
  const run = requests.run(address, fullName).value;
  const check = useMemo(
    () => (request && contentType === JSON_TYPE ? argumentCheckOf(request.schema, definitions) : undefined),
    [request, contentType, definitions],
  );
  const wanted = {
    address,
    operation: fullName,
    contentType,
    argument,
    timeoutMs: timeoutS * 1_000,
    isStream,
  };
  const change = (value: unknown): void => {
    setArgument(value);
    requests.keepDraft(address, fullName, value);
    if (issues.length > 0 && check) setIssues(check(value));
  };
  const send = (): void => {
    setAsks(false);
    void requests.send(wanted);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const found = request === undefined ? NO_ISSUES : check ? check(argument) : missing(argument);
    setIssues(found);
    if (found.length > 0) return;
    if (requests.needsLeave(address, fullName)) setAsks(true);
    else send();
  };
  const refused = run?.kind === 'failed' ? run.problem.issues : NO_ISSUES;
  return (
    <form class="card request" onSubmit={submit} noValidate>
      {request ? (
        <ArgumentEditor
          {...{ request, definitions, check, argument, issues: issues.length > 0 ? issues : refused }}
          onChange={change}
        />
      ) : (
        <p class="faint">{TEXTS.operation.takesNothing}</p>
      )}
      <div role="alert">
        {issues.length > 0 && <p class="problem">{TEXTS.operation.problems(issues.length)}</p>}
      </div>
      {asks ? (
        <AskFirst
          onYes={() => {
            requests.allowAgain(address, fullName);
            send();
          }}
          onNo={() => setAsks(false)}
        />
      ) : (
        <div class="tools">
          <button type="submit" class="main" disabled={readOnly || run?.kind === 'waiting'}>
            {run === undefined ? TEXTS.operation.send : TEXTS.operation.sendAgain}
          </button>
          <label class="narrow">
            {TEXTS.operation.timeout}
            <input
              type="number"
              min={1}
              value={timeoutS}
              onInput={({ currentTarget }) => setTimeoutS(Math.max(1, Number(currentTarget.value) || 1))}
            />
          </label>
          {readOnly && <span class="faint">{TEXTS.operation.readOnly}</span>}
        </div>
      )}
      <div class="tools">
        <CopyButton label={TEXTS.operation.copyCommand} text={() => commandText(wanted)} />
        <CopyButton label={TEXTS.operation.copyProgram} text={() => programText(wanted)} />
        <SaveRequest onSave={(name) => requests.save(name, wanted)} />
      </div>
    </form>
  );
}

function missing(argument: unknown): readonly Issue[] {
  return argument === undefined ? [{ path: '', message: TEXTS.form.required }] : NO_ISSUES;
}
