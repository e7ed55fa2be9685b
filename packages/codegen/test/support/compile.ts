import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

// Nothing is written there: it is where the files are taken to lie, so that imports lead to the packages.
const folder = join(dirname(fileURLToPath(import.meta.url)), 'not-written');

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['intersect-source'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  declaration: true,
  skipLibCheck: true,
  types: [],
  noEmit: true,
};

// The libraries are the same for all programs of a process.
const sources = new Map<string, ts.SourceFile>();

/** Compiles files as strictly as a user may, and gives what the compiler has against them. */
export function problemsOf(
  files: Readonly<Record<string, string>>,
  further: ts.CompilerOptions = {},
): string[] {
  const texts = new Map(Object.entries(files).map(([name, text]) => [join(folder, name), text]));
  const all = { ...options, ...further };
  const host = ts.createCompilerHost(all);
  const given: Partial<ts.CompilerHost> = {
    fileExists: (name) => texts.has(name) || ts.sys.fileExists(name),
    directoryExists: (name) => name === folder || ts.sys.directoryExists(name),
    readFile: (name) => texts.get(name) ?? ts.sys.readFile(name),
    getSourceFile: (name, version) => {
      const own = texts.get(name);
      if (own !== undefined) return ts.createSourceFile(name, own, version);
      const known =
        sources.get(name) ?? (ts.sys.fileExists(name) ? host.getSourceFile(name, version) : undefined);
      if (known) sources.set(name, known);
      return known;
    },
  };
  const program = ts.createProgram([...texts.keys()], all, { ...host, ...given });
  const diagnostics = [...texts.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...program.getDeclarationDiagnostics(file),
    ];
  });
  return diagnostics.map(({ messageText, file, start }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    const text = file?.text.split('\n')[line - 1]?.trim().slice(0, 300);
    return `${file?.fileName.slice(folder.length + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')} | ${text}`;
  });
}
