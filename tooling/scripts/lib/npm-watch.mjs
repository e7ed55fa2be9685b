import { readFileSync } from 'node:fs';

const lookMs = 250;

/**
 * Calls back when the npm that started this script is gone. npm hands signals to a shell, and the shell hands them to
 * nobody: it ends at once, or waits for this process without npm. Does nothing in a process that npm didn't start.
 *
 * @param {() => void} onGone Called once.
 */
export function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const atStart = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === atStart) return;
    clearInterval(timer);
    onGone();
  }, lookMs);
  timer.unref();
}

/** The parent, and where that is the shell also its parent, which is npm. */
function ancestors() {
  const { ppid } = process;
  const parent = statOf(ppid);
  return parent !== undefined && /^(ba|da|a|z)?sh$/.test(parent.name) ? `${ppid} ${parent.ppid}` : `${ppid}`;
}

/**
 * @param {number} pid
 * @returns {{ name: string, ppid: string | undefined } | undefined} Undefined where there is no /proc.
 */
function statOf(pid) {
  try {
    const [, name = '', rest = ''] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, ppid: rest.split(' ')[1] };
  } catch {
    return undefined;
  }
}
