import * as contract from '@intersect-sdk/contract/plain';
import ts from 'typescript';

/** Runs the text of a contract module. */
export async function load(text: string): Promise<Readonly<Record<string, unknown>>> {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  const exports: Record<string, unknown> = {};
  const require = (name: string): unknown => {
    if (name !== '@intersect-sdk/contract/plain') throw new Error(`The module loads ${name}.`);
    return contract;
  };
  new Function('exports', 'require', outputText)(exports, require);
  const { __esModule: _mark, ...module } = exports;
  return module;
}
