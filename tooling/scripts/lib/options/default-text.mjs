/** How a comment writes the default of a row. @param {unknown} value */
function literal(value) {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

/**
 * The default as a README shows it: a value in code, words as they are.
 *
 * @param {import('./tables.mjs').Row} row
 */
export function defaultOf({ facts, defaultText = '' }) {
  if (facts.required) return 'required';
  const value = facts.default === undefined ? undefined : literal(facts.default);
  return value === undefined ? defaultText : `\`${value}\`${defaultText.slice(value.length)}`;
}

/**
 * What is missing or wrong in the comment above a row.
 *
 * @param {import('./tables.mjs').Row} row
 * @returns {string[]}
 */
export function commentProblems({ name, sentence, defaultText, facts }) {
  const problems = [];
  if (sentence === '') problems.push('has no sentence');
  if (facts.unit && !new RegExp(`\\bin ${facts.unit}\\b`).test(sentence)) {
    problems.push(`does not say that it is in ${facts.unit}`);
  }
  const suffix = { Ms: 'ms', S: 's', Bytes: 'bytes' }[/(?<=[a-z])(Ms|S|Bytes)$/.exec(name)?.[0] ?? ''];
  if (suffix && facts.unit !== suffix) problems.push(`is named as if it were in ${suffix}`);
  if (facts.required) {
    if (defaultText !== undefined) problems.push('is required and has a default');
  } else if (!defaultText) {
    problems.push('does not say its default');
  } else if (facts.default !== undefined) {
    const value = literal(facts.default);
    const rest = defaultText.startsWith(value) ? defaultText.slice(value.length) : undefined;
    if (rest === undefined || !/^($|[ ,])/.test(rest)) {
      problems.push(`says that its default is ${defaultText}, and it is ${value}`);
    }
  }
  return problems.map((problem) => `${name} ${problem}`);
}
