import type { JSX } from 'preact';
import { TEXTS } from '../../texts.js';

interface ValueTreeProps {
  readonly value: unknown;
  readonly name?: string;
  /** How many levels are open at first. */
  readonly open?: number;
}

const MOST_AT_ONCE = 200;

/** A value of JSON to look into, level by level. */
export function ValueTree({ value, name, open = 2 }: ValueTreeProps): JSX.Element {
  const label = name === undefined ? null : <span class="tree-name">{name}</span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="tree-leaf">
        {label} <Scalar value={value} />
      </div>
    );
  }
  const entries = Object.entries(value);
  const count = Array.isArray(value) ? TEXTS.tree.items(entries.length) : TEXTS.tree.fields(entries.length);
  if (entries.length === 0) {
    return (
      <div class="tree-leaf">
        {label} <span class="faint">{TEXTS.tree.empty}</span>
      </div>
    );
  }
  return (
    <details class="tree" open={open > 0}>
      <summary>
        {label} <span class="faint">{count}</span>
      </summary>
      <div class="tree-inside">
        {entries.slice(0, MOST_AT_ONCE).map(([key, item]) => (
          <ValueTree key={key} name={key} value={item} open={open - 1} />
        ))}
        {entries.length > MOST_AT_ONCE && (
          <div class="faint">{TEXTS.tree.more(entries.length - MOST_AT_ONCE)}</div>
        )}
      </div>
    </details>
  );
}

function Scalar({ value }: { readonly value: unknown }): JSX.Element {
  const kind = value === null ? 'null' : typeof value;
  return <span class={`value value-${kind}`}>{typeof value === 'string' ? value : String(value)}</span>;
}
