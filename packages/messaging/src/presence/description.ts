/** What is known of a service: its schema document, and perhaps what it said last. */
export interface KnownDescription {
  /** The document as it came; `readServiceSchema` of `@intersect-sdk/schema/document` reads it. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** By the names of the capabilities; `null` where a status function failed or there is none. */
  readonly statuses?: Readonly<Record<string, unknown>> | undefined;
  /** When the service told it, in ms since 1970 by this machine's clock. */
  readonly toldAtMs: number;
}

/** Something that may know services: a directory, or its store on disk. */
export interface DescriptionSource {
  /** For `source` of what it knew. */
  readonly name: string;
  /** What it knows of the service; undefined where it knows nothing. What it throws lets the next source be asked. */
  find(
    address: string,
    options: { readonly signal: AbortSignal },
  ): KnownDescription | undefined | Promise<KnownDescription | undefined>;
}

/** A service as it was described, and by whom. */
export interface DescribedService extends KnownDescription {
  readonly address: string;
  /** `service`: it answered the question. `source`: a given source knew it. `lifecycle`: a message that it sends by itself. */
  readonly from: 'service' | 'source' | 'lifecycle';
  /** The name of the source, where `from` is `source`. */
  readonly source: string | undefined;
  /** How old it was when it was given, in ms. */
  readonly ageMs: number;
}

export function described(
  address: string,
  from: DescribedService['from'],
  { schema, statuses, toldAtMs, source }: KnownDescription & { readonly source?: string },
): DescribedService {
  const ageMs = Math.max(0, Date.now() - toldAtMs);
  return { address, from, source, schema, statuses, toldAtMs, ageMs };
}
