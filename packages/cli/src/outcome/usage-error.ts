/** What a person has written can't be done. The sentence says what to write instead. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}
