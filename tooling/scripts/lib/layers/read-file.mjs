import ts from 'typescript';

/**
 * What the rules need to know about one source file.
 *
 * @typedef {object} FileFacts
 * @property {ImportFact[]} imports
 * @property {{ name: string, line: number }[]} globals Names used that the file doesn't declare and that exist in
 *   Node only.
 * @property {number[]} consoleLines Where `console` is used.
 * @property {number} lines
 *
 * @typedef {object} ImportFact
 * @property {string} specifier
 * @property {'static' | 'lazy' | 'type'} kind
 * @property {number} line
 */

const nodeGlobals = new Set([
  'Buffer',
  'process',
  'global',
  '__dirname',
  '__filename',
  'require',
  'setImmediate',
]);

/**
 * @param {string} path
 * @param {string} text
 * @returns {FileFacts}
 */
export function readFacts(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {FileFacts} */
  const facts = { imports: [], globals: [], consoleLines: [], lines: countLines(text) };
  const declared = declaredNames(source);
  /** @param {import('typescript').Node} node */
  const lineOf = (node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  /** @param {import('typescript').Node} node */
  const visit = (node) => {
    const found = importOf(node);
    if (found) facts.imports.push({ ...found, line: lineOf(node) });
    const name = globalName(node);
    if (name !== undefined && !declared.has(name)) {
      if (nodeGlobals.has(name)) facts.globals.push({ name, line: lineOf(node) });
      if (name === 'console') facts.consoleLines.push(lineOf(node));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return facts;
}

/** @param {string} text */
function countLines(text) {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

/**
 * @param {import('typescript').Node} node
 * @returns {{ specifier: string, kind: ImportFact['kind'] } | undefined}
 */
function importOf(node) {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, kind: importsTypesOnly(node) ? 'type' : 'static' };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, kind: node.isTypeOnly ? 'type' : 'static' };
  }
  if (ts.isCallExpression(node) && isLoader(node.expression)) {
    const [argument] = node.arguments;
    if (argument && ts.isStringLiteralLike(argument)) return { specifier: argument.text, kind: 'lazy' };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const { literal } = node.argument;
    if (ts.isStringLiteral(literal)) return { specifier: literal.text, kind: 'type' };
  }
  return undefined;
}

/**
 * `import` or `require`; a build replaces a require of a fixed name, so it is an import too.
 *
 * @param {import('typescript').Expression} node
 */
function isLoader(node) {
  return node.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node) && node.text === 'require');
}

/** @param {import('typescript').ImportDeclaration} node */
function importsTypesOnly({ importClause }) {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

/**
 * The name that an expression takes from outside, also as `globalThis.name`. Types are erased.
 *
 * @param {import('typescript').Node} node
 * @returns {string | undefined}
 */
function globalName(node) {
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return ts.isIdentifier(parent.expression) && parent.expression.text === 'globalThis'
      ? node.text
      : undefined;
  }
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent) || ts.isTypeQueryNode(parent))
    return undefined;
  const isFixedRequire =
    ts.isCallExpression(parent) && parent.expression === node && importOf(parent) !== undefined;
  if (isFixedRequire) return undefined;
  const isName = 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
  const isLabel = 'propertyName' in parent && parent.propertyName === node;
  return isName || isLabel ? undefined : node.text;
}

/**
 * Every name that the file declares anywhere: a parameter called `process` is not Node's.
 *
 * @param {import('typescript').SourceFile} source
 */
function declaredNames(source) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @param {import('typescript').Node} node */
  const visit = (node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node);
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}
