/** `requestTimeoutMs` as configuration files write it: `request_timeout_ms`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
