import { spawn } from 'node:child_process';

/**
 * @typedef {object} CommandResult
 * @property {boolean} ok
 * @property {string} output Standard output.
 * @property {string} tail What it said last of an error, or last at all: for a sentence on what went wrong.
 */

/**
 * Runs a command to its end. Never rejects: a command that isn't there is a result too.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ timeoutMs?: number, env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<CommandResult>}
 */
export function run(file, args, { timeoutMs, env, cwd } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(timeoutMs === undefined
        ? {}
        : { timeout: timeoutMs, killSignal: /** @type {const} */ ('SIGKILL') }),
      ...(env === undefined ? {} : { env }),
      ...(cwd === undefined ? {} : { cwd }),
    });
    let output = '';
    let everything = '';
    child.stdout.on('data', (text) => {
      output += text;
      everything += text;
    });
    child.stderr.on('data', (text) => {
      everything += text;
    });
    child.on('error', (error) => resolve({ ok: false, output, tail: error.message }));
    child.on('close', (code, signal) => {
      const ending = signal === null ? '' : `${file} was ended by ${signal}`;
      resolve({ ok: code === 0, output, tail: lastError(everything) || ending || `exit code ${code}` });
    });
  });
}

/** @param {string} text */
function lastError(text) {
  const lines = text.trimEnd().split('\n');
  const line = lines.findLast((each) => /^(E|error|fatal)\b/i.test(each)) ?? lines.at(-1) ?? '';
  return line.replace(/^E: /, '').replace(/[.\s]+$/, '');
}

/**
 * @param {string} text
 * @param {number} count
 */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n').trim();
}
