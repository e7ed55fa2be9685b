/** `inner` seen from `outer`: `payload` and `[0].name` are `payload[0].name`. */
export function joinPaths(outer: string, inner: string): string {
  if (outer === '' || inner === '') return outer + inner;
  return inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}
