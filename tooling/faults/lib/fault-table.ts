import { appendFileSync } from 'node:fs';

/** Names the file that rows are added to, one JSON object a line. Without it nothing is kept. */
const rowsFileVariable = 'INTERSECT_FAULT_ROWS';

/** One line of the table of faults. */
export interface FaultRow {
  /** What was done to it. */
  readonly fault: string;
  readonly role: 'client' | 'service' | 'client and service';
  readonly protocol: 'MQTT' | 'AMQP' | 'MQTT and AMQP';
  /** What may be relied on all the same. */
  readonly promise: string;
  /** What this run counted, as a sentence. */
  readonly counted: string;
}

/** Adds a row to the table of this run. To be called when all that it says was checked. */
export function record(row: FaultRow): void {
  const file = process.env[rowsFileVariable];
  if (file) appendFileSync(file, `${JSON.stringify(row)}\n`);
  else process.stderr.write(`${row.fault} (${row.role}, ${row.protocol}): ${row.counted}\n`);
}
