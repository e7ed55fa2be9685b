import type { Issue } from '@intersect-sdk/core';
import { joinPaths } from '@intersect-sdk/core/internal';
import { pathOf } from './issue-path.js';
import type { Failure } from './run.js';
import { expectationOf, oneOf, sentenceOf } from './sentences.js';

const MOST_ISSUES = 50;

/**
 * Turns what a check found into issues. Where a value fits none of several forms, only what keeps it from the most likely
 * form is said.
 */
export function explain(failures: readonly Failure[]): Issue[] {
  const issues = failures.flatMap(issuesOf);
  const distinct = new Map(issues.map((issue) => [`${issue.path}\n${issue.message}`, issue]));
  const list = [...distinct.values()];
  if (list.length <= MOST_ISSUES) return list;
  return [
    ...list.slice(0, MOST_ISSUES),
    { path: '', message: `has ${list.length - MOST_ISSUES} more problems` },
  ];
}

function issuesOf(failure: Failure): Issue[] {
  const { forms } = failure;
  if (!forms) return [issueOf(failure)];
  const path = pathOf(failure.path);
  const expectations = forms.map(kindExpected);
  const likely = forms.filter((_form, index) => expectations[index] === undefined);
  if (likely.length === 0) {
    const words = oneOf(expectations.flatMap((expected) => expected ?? []));
    return [{ path, message: `must be ${words}` }];
  }
  const rightTag = likely.filter((form) => !form.some(isTagFailure));
  if (rightTag.length === 0) return [tagIssue(failure, likely)];
  const [closest = []] = rightTag.map((form) => form.flatMap(issuesOf)).sort((a, b) => a.length - b.length);
  return closest.map((issue) => ({ path: joinPaths(path, issue.path), message: issue.message }));
}

/** The field that says which form is meant says none that there is. */
function tagIssue(failure: Failure, forms: readonly (readonly Failure[])[]): Issue {
  const found = forms.flatMap((form) => form.filter(isTagFailure));
  const [tag, ...others] = new Set(found.map(({ path }) => pathOf(path)));
  if (tag === undefined || others.length > 0) return issueOf(failure);
  const words = oneOf(found.flatMap((each) => expectationOf(each) ?? []));
  return { path: joinPaths(pathOf(failure.path), tag), message: `must be ${words}` };
}

/** What a form would have liked, if the value as a whole is of another kind than it. */
function kindExpected(form: readonly Failure[]): string[] | undefined {
  const atRoot = form.filter(({ path }) => path.length === 0);
  const words = atRoot.flatMap((failure) => expectationOf(failure) ?? []);
  return words.length > 0 ? words : undefined;
}

/** A field that says which form is meant says another one. */
function isTagFailure({ keyword, path }: Failure): boolean {
  return (keyword === 'const' || keyword === 'enum') && path.length === 1;
}

function issueOf(failure: Failure): Issue {
  return { path: pathOf(failure.path), message: sentenceOf(failure) };
}
