import type { Issue } from '../../errors/errors.js';

const BEGINNING = 'The argument does not fit operation ';
/** A path such as `samples[0].mass`, which has no blanks unless a key of the schema has. */
const LINE = /^(\S+): (.+)$/;

/** The sentence with which a service refuses an argument: each problem in a line of its own, for people and for `argumentIssues`. */
export function argumentSentence(operation: string, issues: readonly Issue[]): string {
  return [`${BEGINNING}${operation}:`, ...issues.map(lineOf)].join('\n');
}

/** The problems in an `argumentSentence`; none in any other. */
export function argumentIssues(sentence: string): Issue[] {
  const [first = '', ...lines] = sentence.split('\n');
  if (!first.startsWith(BEGINNING) || !first.endsWith(':')) return [];
  return lines.map((line) => {
    const [, path, message] = LINE.exec(line) ?? [];
    return path === undefined || message === undefined ? { path: '', message: line } : { path, message };
  });
}

function lineOf({ path, message }: Issue): string {
  const line = path ? `${path}: ${message}` : message;
  return line.replaceAll(/\s*\n\s*/g, ' ');
}
