import type { ReceivedSpan } from './otlp-receiver.js';

const WIDTH = 900;
const LEFT = 290;
const ROW = 34;
const TOP = 12;

/** The spans of one trace as bars over time, each below the one it belongs to; readable on light and dark ground. */
export function traceSvg(spans: readonly ReceivedSpan[]): string {
  const rows = ordered(spans);
  const [from, to] = [
    Math.min(...spans.map((span) => span.startMs)),
    Math.max(...spans.map((span) => span.endMs)),
  ];
  const scale = (WIDTH - LEFT - 90) / (to - from);
  const height = TOP * 2 + rows.length * ROW;
  const bars = rows.map(({ span, depth }, index) => {
    const y = TOP + index * ROW;
    const x = LEFT + (span.startMs - from) * scale;
    const width = Math.max(3, (span.endMs - span.startMs) * scale);
    const ms = (span.endMs - span.startMs).toFixed(1);
    return [
      `<text class="name" x="${10 + depth * 16}" y="${y + 20}">${span.name}</text>`,
      `<rect class="${span.name.split(' ')[0]}" x="${x.toFixed(1)}" y="${y + 6}" width="${width.toFixed(1)}" height="20" rx="3"/>`,
      `<text class="time" x="${(x + width + 6).toFixed(1)}" y="${y + 20}">${ms} ms</text>`,
    ].join('\n');
  });
  const style = [
    'text { font: 13px system-ui, sans-serif; fill: #57606a }',
    '.time { font-size: 11px }',
    '.send { fill: #2f81f7 } .process { fill: #3fb950 } .experiment { fill: #8b949e }',
    '@media (prefers-color-scheme: dark) { text { fill: #c9d1d9 } }',
  ].join('\n');
  const title = `A trace of ${rows.length} spans`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<style>
${style}
</style>
${bars.join('\n')}
</svg>
`;
}

interface Row {
  readonly span: ReceivedSpan;
  readonly depth: number;
}

/** A span, then those that belong to it, in the order of their beginning. */
function ordered(spans: readonly ReceivedSpan[], parent?: string, depth = 0): readonly Row[] {
  const children = spans.filter(({ parentSpanId = '' }) => parentSpanId === (parent ?? ''));
  return children
    .sort((a, b) => a.startMs - b.startMs)
    .flatMap((span) => [{ span, depth }, ...ordered(spans, span.spanId, depth + 1)]);
}
