import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** Writes the context into headers. */
export const SETTER: TextMapSetter<Record<string, string>> = {
  set(headers, name, value) {
    headers[name] = value;
  },
};

/** Reads the context out of headers. */
export const GETTER: TextMapGetter<Readonly<Record<string, string>>> = {
  get: (headers, name) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
  keys: (headers) => Object.keys(headers),
};
