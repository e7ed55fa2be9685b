/** What SDKs name objects by: a UUID or a key, and an extension. Nothing that could lead to another place. */
const OBJECT = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;
const KEY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,199}$/;

/** Whether this can be the name of an object in a data store. */
export function isObjectId(value: unknown): value is string {
  return typeof value === 'string' && OBJECT.test(value);
}

/** Whether data can be named by this key: an extension makes an object's name of it. */
export function isDataKey(value: unknown): value is string {
  return typeof value === 'string' && KEY.test(value);
}
