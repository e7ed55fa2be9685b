import type { JSX } from 'preact';
import { jsonText } from '../../state/json.js';
import type { TableRow } from '../../state/requests/answer-ways.js';
import { TEXTS } from '../../texts.js';

const MOST_ROWS = 500;

/** Objects as the rows of a table. */
export function ValueTable({ rows }: { readonly rows: readonly TableRow[] }): JSX.Element {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <section class="scroll" tabIndex={0} aria-label={TEXTS.operation.views.table}>
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, index) => (
            <tr key={index}>
              {columns.map((name) => (
                <td key={name}>{cellText(row[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p class="faint">{TEXTS.tree.more(rows.length - MOST_ROWS)}</p>}
    </section>
  );
}

function cellText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : jsonText(value).replace(/\n\s*/g, ' ');
}
