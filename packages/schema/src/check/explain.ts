import type { Issue } from '@intersect-sdk/core';
import type { ErrorObject, ValidateFunction } from './ajv.js';
import { joinPaths, pathOf } from './issue-path.js';
import type { JsonSchema } from './json-schema.js';
import { expectationOf, oneOf, sentenceOf } from './sentences.js';

const MOST_ISSUES = 50;

/** Gives the thorough check of one branch of a schema. */
export type BranchChecks = (branch: JsonSchema) => ValidateFunction;

/**
 * Turns the errors of a thorough check into issues. Where a value fits none of several forms, only
 * what keeps it from the most likely form is said.
 */
export function explain(errors: readonly ErrorObject[], branchChecks: BranchChecks): Issue[] {
  const issues = issuesOf(errors, branchChecks).reverse();
  const distinct = new Map(issues.map((issue) => [`${issue.path}\n${issue.message}`, issue]));
  const list = [...distinct.values()];
  if (list.length <= MOST_ISSUES) return list;
  return [
    ...list.slice(0, MOST_ISSUES),
    { path: '', message: `has ${list.length - MOST_ISSUES} more problems` },
  ];
}

/** Last one first: a union's own error stands behind those of its branches, and says how many of them there are. */
function issuesOf(errors: readonly ErrorObject[], branchChecks: BranchChecks): Issue[] {
  const issues: Issue[] = [];
  for (let at = errors.length - 1; at >= 0; at--) {
    const error = errors[at] as ErrorObject;
    const { keyword, instancePath } = error;
    if ((keyword === 'anyOf' || keyword === 'oneOf') && Array.isArray(error.schema)) {
      const branches = error.schema.map((branch) => errorsOf(branchChecks(branch as JsonSchema), error.data));
      issues.push(...unionIssues(error, branches, branchChecks).reverse());
      at -= branchErrorCount(error, branches);
    } else if (keyword === 'contains') {
      issues.push(issueOf(error));
      while (at > 0 && errors[at - 1]?.instancePath.startsWith(`${instancePath}/`)) at--;
    } else if (keyword !== 'if' && (error.propertyName === undefined || keyword === 'propertyNames')) {
      issues.push(issueOf(error));
    }
  }
  return issues;
}

/** The branches' errors stand in front of the union's own. A `oneOf` that fits twice stops at the second fit. */
function branchErrorCount(error: ErrorObject, branches: readonly ErrorObject[][]): number {
  const { passingSchemas } = error.params as { readonly passingSchemas?: readonly number[] | null };
  const tried = passingSchemas ? branches.slice(0, Math.max(...passingSchemas) + 1) : branches;
  return tried.reduce((sum, list) => sum + list.length, 0);
}

function unionIssues(
  error: ErrorObject,
  branches: readonly ErrorObject[][],
  branchChecks: BranchChecks,
): Issue[] {
  if (branches.some((list) => list.length === 0)) return [issueOf(error)];
  const expectations = branches.map(kindExpected);
  const likely = branches.filter((_list, index) => expectations[index] === undefined);
  if (likely.length === 0) {
    const words = oneOf(expectations.flatMap((words) => words ?? []));
    return [{ path: pathOf(error.instancePath), message: `must be ${words}` }];
  }
  const path = pathOf(error.instancePath);
  const withoutTagErrors = likely.filter((list) => !list.some(isTagError));
  if (withoutTagErrors.length === 0) return [tagIssue(error, path, likely)];
  const [closest = []] = withoutTagErrors
    .map((list) => issuesOf(list, branchChecks).reverse())
    .sort((a, b) => a.length - b.length);
  return closest.map((issue) => ({ path: joinPaths(path, issue.path), message: issue.message }));
}

/** The field that says which form is meant says none that there is. */
function tagIssue(error: ErrorObject, path: string, branches: readonly ErrorObject[][]): Issue {
  const tagErrors = branches.flatMap((list) => list.filter(isTagError));
  const [tag, ...others] = new Set(tagErrors.map(({ instancePath }) => instancePath));
  if (tag === undefined || others.length > 0) return issueOf(error);
  const words = oneOf(tagErrors.flatMap((each) => expectationOf(each) ?? []));
  return { path: joinPaths(path, pathOf(tag)), message: `must be ${words}` };
}

/** What a branch would have liked, if the value as a whole is of another kind than the branch's. */
function kindExpected(errors: readonly ErrorObject[]): string[] | undefined {
  const atRoot = errors.filter(({ instancePath }) => instancePath === '');
  const words = atRoot.flatMap((error) => expectationOf(error) ?? []);
  return words.length > 0 ? words : undefined;
}

/** A field that says which form is meant says another one. */
function isTagError({ keyword, instancePath }: ErrorObject): boolean {
  return (keyword === 'const' || keyword === 'enum') && instancePath.split('/').length === 2;
}

/** One error as an issue. */
export function issueOf(error: ErrorObject): Issue {
  const { missingProperty, additionalProperty, unevaluatedProperty, propertyName } = error.params as Readonly<
    Record<string, string | undefined>
  >;
  const field = missingProperty ?? additionalProperty ?? unevaluatedProperty ?? propertyName;
  return { path: pathOf(error.instancePath, field), message: sentenceOf(error) };
}

function errorsOf(check: ValidateFunction, data: unknown): ErrorObject[] {
  return check(data) ? [] : [...(check.errors ?? [])];
}
