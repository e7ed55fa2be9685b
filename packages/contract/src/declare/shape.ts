/** What an operation takes and gives, as plain types. */
export interface OperationShape {
  /** `undefined` where it takes nothing. */
  argument: unknown;
  /** `null` where it gives nothing; the list of all items of a stream. */
  answer: unknown;
  /** Of a stream; there only where it is one. */
  item?: unknown;
}

/** The status function of a capability and what it gives, as plain types. */
export interface StatusShape {
  /** `null` where it is not known. */
  name: string | null;
  value: unknown;
}

/** All types of a declared capability, as plain types: whoever reads them needs no library for schemas. */
export interface CapabilityShape {
  /** An `OperationShape` for each name. */
  operations: object;
  /** The type of the value for each name. */
  events: object;
  status: StatusShape | undefined;
}
