/** In what ways an answer can be looked at. */
export type AnswerWay = 'tree' | 'json' | 'table' | 'plot' | 'image';

export type TableRow = Readonly<Record<string, unknown>>;

/** The best way first. */
export function waysOf(payload: unknown, contentType: string): AnswerWay[] {
  if (payload instanceof Uint8Array) return contentType.startsWith('image/') ? ['image'] : [];
  const ways: AnswerWay[] = ['tree', 'json'];
  if (rowsOf(payload).length > 0) ways.push('table');
  if (numbersOf(payload).length > 1) ways.push('plot');
  return ways;
}

/** The objects of a list; none where it is no list of objects. */
export function rowsOf(payload: unknown): readonly TableRow[] {
  return Array.isArray(payload) && payload.every(isObject) ? payload : [];
}

/** The numbers of a list; none where it is no list of numbers. */
export function numbersOf(payload: unknown): number[] {
  if (!Array.isArray(payload)) return [];
  const isNumbers = payload.every((item) => typeof item === 'number' || typeof item === 'bigint');
  return isNumbers ? payload.map(Number) : [];
}

function isObject(value: unknown): value is TableRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
