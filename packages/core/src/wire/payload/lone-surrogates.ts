import type { Issue } from '../../errors/errors.js';
import { fieldPath } from './json-issues.js';

const LONE_SURROGATE = /\p{Surrogate}/u;
const MANY = 20;

/** Every text and name of a field in which half of a character stands alone, with the path to it, at most the first 20. */
export function loneSurrogateIssues(value: unknown): Issue[] {
  const issues: Issue[] = [];
  const refuse = (path: string, what: string): void => {
    if (issues.length >= MANY) return;
    issues.push({
      path,
      message: `${what} half of a character (a lone surrogate), which UTF-8 cannot carry`,
    });
  };
  const visit = (item: unknown, path: string): void => {
    if (typeof item === 'string' && LONE_SURROGATE.test(item)) refuse(path, 'holds');
    if (typeof item !== 'object' || item === null) return;
    if (Array.isArray(item)) {
      for (const [index, each] of item.entries()) visit(each, `${path}[${index}]`);
      return;
    }
    for (const [key, field] of Object.entries(item)) {
      const isWhole = !LONE_SURROGATE.test(key);
      if (!isWhole) refuse(path, 'has a field whose name holds');
      visit(field, isWhole ? fieldPath(path, key) : path);
    }
  };
  visit(value, '');
  return issues;
}
