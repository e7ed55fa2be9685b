/** What JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object; a field that is undefined is left out. */
interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
