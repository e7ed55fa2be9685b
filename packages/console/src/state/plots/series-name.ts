/** What a plot can show: a number in an event or in a status of a service, or in an item of a stream that was asked for. */
export interface SeriesSource {
  readonly address: string;
  readonly kind: 'event' | 'status' | 'stream';
  /** Of an event `capability.event`, of a stream `capability.operation`, of a status the capability. */
  readonly name: string;
  /** The way to the number, as `pathText` writes it; empty where the value itself is the number. */
  readonly path: string;
}

/** One text for a link: the parts between vertical bars, which none of the first three can have. */
export function seriesText({ address, kind, name, path }: SeriesSource): string {
  return [address, kind, name, path].join('|');
}

export function readSeries(text: string): SeriesSource | undefined {
  const [address, kind, name, ...path] = text.split('|');
  if (!address || !name || (kind !== 'event' && kind !== 'status' && kind !== 'stream')) return undefined;
  return { address, kind, name, path: path.join('|') };
}

/** For a legend: what it is, and the last part of the address. */
export function seriesLabel({ address, name, path }: SeriesSource): string {
  const service = address.split('.').at(-1) ?? address;
  return `${service} ${name}${path && ` ${path}`}`;
}
