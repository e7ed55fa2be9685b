import type { Wanted } from './command-line.js';
import { HAS_CLIENT, HAS_PAGE, TEMPLATES } from './templates.js';

/** What a person finds who opens the project a month later. */
export function readmeFor({ name, template }: Wanted): string {
  const rows = [
    ['npm run dev', 'a broker, the service, the console, and a call after each change; Ctrl+C ends it'],
    ['npm test', 'the tests, which need no broker'],
    ['npm run check', 'the types'],
    ['npm run build', 'JavaScript in `dist`'],
    ['npm start', 'the service alone, at the broker that `INTERSECT_BROKER_URL` names'],
    ...(HAS_CLIENT.has(template) ? [['npm run client', 'the client alone, at the same broker']] : []),
  ];
  const files = [
    ['src/contract.ts', 'what the service offers: operations, events and status, with their types'],
    ['src/hello.ts', 'the code of it'],
    ['src/service.ts', 'the program that starts it, and its address'],
    ...(HAS_CLIENT.has(template) ? [['src/client.ts', 'a program that asks it']] : []),
    ...(HAS_PAGE.has(template) ? [['src/page.ts', 'a page that asks it, with `index.html`']] : []),
    ['test/hello.test.ts', 'a test in a lab in memory'],
    ['dev.mjs', 'what `npm run dev` does'],
  ];
  const list = (lines: string[][]): string => lines.map(([what, why]) => `- \`${what}\`: ${why}`).join('\n');
  return `# ${name}

An INTERSECT project: ${TEMPLATES[template]}.

${list(rows)}

Begin with these:

${list(files)}
`;
}
