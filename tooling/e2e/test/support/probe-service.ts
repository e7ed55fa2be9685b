// The capability of `python/probe_service.py` once more, in TypeScript.

import {
  Binary,
  CapabilityError,
  defineCapability,
  IntersectService,
  type Report,
  Type,
} from '@intersect-sdk/service';
import type { Transport } from '@intersect-sdk/transport';

const BYTES = 'application/octet-stream';

const MORE_HEADERS = { traceparent: '00-0af7-b7ad-01', baggage: 'sample=7', 'X-Sample': 'Zoë €😀' };

const Numbers = Type.Object(
  { label: Type.String(), values: Type.Array(Type.Number()) },
  { title: 'Numbers' },
);
const Summary = Type.Object(
  { label: Type.String(), count: Type.Integer(), total: Type.Number() },
  { title: 'Summary' },
);

const Probe = defineCapability({
  name: 'Probe',
  operations: {
    greet: { request: Type.String({ title: 'name' }), response: Type.String() },
    sum_up: { request: Numbers, response: Summary },
    echo: { request: Type.Integer({ title: 'value' }), response: Type.Integer() },
    refuse: { request: Type.String({ title: 'reason' }), response: Type.String() },
    break_down: { response: Type.String() },
    reverse: { request: Binary(BYTES), response: Binary(BYTES) },
    picture: { request: Type.Integer({ title: 'size' }), response: Binary('image/png') },
    emit: { request: Type.Integer({ title: 'count' }) },
    ask: {
      description: 'Asks another service, and answers with what it says.',
      request: Type.Object({ destination: Type.String(), operation: Type.String(), text: Type.String() }),
      response: Type.String(),
    },
  },
  events: {
    counted: { schema: Type.Integer() },
    summed: { schema: Summary },
    pictured: { schema: Binary('image/png') },
  },
});

function implementProbe() {
  return Probe.implement({
    greet: (name, { setAnswerHeaders }) => {
      // A client of the Python SDK ignores them.
      setAnswerHeaders(MORE_HEADERS);
      return `Hello, ${name}!`;
    },
    sum_up: ({ label, values }) => ({
      label,
      count: values.length,
      total: values.reduce((a, b) => a + b, 0),
    }),
    echo: (value) => value,
    refuse: (reason) => {
      throw new CapabilityError(reason);
    },
    break_down: () => {
      throw new Error("a detail that is nobody's business");
    },
    reverse: (bytes) => Uint8Array.from(bytes).reverse(),
    picture: (size) => pictureOf(size),
    emit: async (count, { emit }) => {
      const numbers = Array.from({ length: count }, (_, index) => index);
      for (const number of numbers) await emit('counted', number, { headers: MORE_HEADERS });
      await emit('summed', { label: 'emitted', count, total: numbers.reduce((a, b) => a + b, 0) });
      await emit('pictured', pictureOf(count));
    },
    ask: async ({ destination, operation, text }, { call }) => {
      const { payload } = await call({ destination, operation, payload: text });
      return String(payload);
    },
  });
}

/** Bytes that are not text. */
export function pictureOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => 255 - (index % 256));
}

/** A service with the probe, running until it is disposed of. */
export interface RunningProbe extends AsyncDisposable {
  readonly service: IntersectService;
  readonly probe: ReturnType<typeof implementProbe>;
  readonly reports: readonly Report[];
}

/** Starts one at the same kind of address as its Python counterpart. */
export async function startProbe(name: string, transport: Transport): Promise<RunningProbe> {
  const probe = implementProbe();
  const reports: Report[] = [];
  const service = new IntersectService([probe], {
    hierarchy: { organization: 'interop-org', facility: 'interop-fac', system: 'interop-sys', service: name },
    brokers: [transport],
    // Long enough for any test, and then MQTT brokers forget it.
    keepRequestsMs: 60_000,
    onReport: (report) => reports.push(report),
  });
  await service.startup();
  return { service, probe, reports, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}
