import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { problemOf } from '../../state/console.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';
import { saveFile } from '../parts/save-file.js';

/** Pause, clear, and records in and out. */
export function TimelineTools(): JSX.Element {
  const state = useConsole();
  const file = useRef<HTMLInputElement>(null);
  const [told, tell] = useState('');
  const paused = state.isPaused.value;
  const exportAll = async (): Promise<void> => {
    saveFile('messages.jsonl', await state.link.call('exportTimeline', undefined), 'application/jsonl');
  };
  const importFile = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    try {
      const { messages, wrongLines } = await state.link.call('importTimeline', { text: await chosen.text() });
      const wrong =
        wrongLines.length > 0 ? ` ${TEXTS.timeline.wrongLines(wrongLines.slice(0, 20).join(', '))}` : '';
      tell(TEXTS.timeline.imported(messages) + wrong);
    } catch (error) {
      tell(problemOf(error).message);
    }
  };
  return (
    <div class="tools">
      <button type="button" aria-pressed={paused} onClick={() => state.setPaused(!paused)}>
        {paused ? TEXTS.timeline.goOn : TEXTS.timeline.pause}
      </button>
      <button type="button" onClick={() => void state.link.call('clearTimeline', undefined)}>
        {TEXTS.timeline.clear}
      </button>
      <button type="button" onClick={() => void exportAll()}>
        {TEXTS.timeline.exportAll}
      </button>
      <button type="button" onClick={() => file.current?.click()}>
        {TEXTS.timeline.importFile}
      </button>
      <input
        ref={file}
        class="hidden"
        type="file"
        tabIndex={-1}
        aria-label={TEXTS.timeline.importFile}
        accept=".jsonl,.json,.txt"
        onChange={({ currentTarget }) => void importFile(currentTarget.files?.[0])}
      />
      <span role="status" class="faint">
        {told}
      </span>
    </div>
  );
}
