// What an editor shows of a capability that is called by its contract.
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const file = fileURLToPath(new URL('./hovered.ts', import.meta.url));
const text = `
  import type { IntersectClient } from '@intersect-sdk/client';
  import { defineCapability, Type } from '@intersect-sdk/contract';
  const Lab = defineCapability({
    name: 'Lab',
    operations: {
      set_target: { request: Type.Number(), response: Type.Number() },
      measure: {
        request: Type.Object({ seconds: Type.Number() }),
        response: Type.Object({ counts: Type.Array(Type.Integer()) }),
      },
      home: {},
    },
    events: { tick: { schema: Type.Integer() } },
    status: { schema: Type.Object({ running: Type.Boolean() }) },
  });
  declare const client: IntersectClient;
  const lab = client.capability(Lab, 'a');
  lab.set_target(77);
  lab.measure({ seconds: 1 });
  lab.home();
  lab.$events('tick');
  lab.$status();
  lab.$call('set_target', 77);
`;

/** An editor that has this file open and nothing else. */
function openEditor(): ts.LanguageService {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    `${root}tsconfig.base.json`,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  const read = (path: string): string | undefined => (path === file ? text : ts.sys.readFile(path));
  return ts.createLanguageService({
    getCompilationSettings: () => parsed?.options ?? {},
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const content = read(path);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: read,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
}

test('hovering shows types that a person can read', () => {
  const editor = openEditor();
  const hover = (use: string): string => {
    const hint = editor.getQuickInfoAtPosition(file, text.indexOf(`lab.${use}`) + 'lab.'.length);
    return ts.displayPartsToString(hint?.displayParts).replace(/\s+/g, ' ');
  };
  expect(editor.getSemanticDiagnostics(file)).toEqual([]);
  expect(hover('set_target(')).toBe(
    '(property) set_target: (argument: number, options?: CallOptions) => Promise<number>',
  );
  expect(hover('measure(')).toBe(
    '(property) measure: (argument: { seconds: number; }, options?: CallOptions) => Promise<{ counts: number[]; }>',
  );
  expect(hover('home(')).toBe('(property) home: (options?: CallOptions) => Promise<null>');
  expect(hover('$events(')).toBe(
    '(method) $events<"tick">(name: "tick", options?: CapabilityEventsOptions): CapabilityEvents<number>',
  );
  expect(hover('$status(')).toBe(
    '(property) $status: (options?: CallOptions) => Promise<{ running: boolean; }>',
  );
  expect(hover('$call(')).toBe(
    '(method) $call<"set_target">(name: "set_target", argument: number, options?: CallOptions | undefined): Promise<number>',
  );
});
