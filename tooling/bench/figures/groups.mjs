import { alone } from './alone.mjs';
import { checks } from './checks.mjs';
import { cli } from './cli.mjs';
import { data } from './data.mjs';
import { digits } from './digits.mjs';
import { events } from './events.mjs';
import { imports } from './imports.mjs';
import { manyServices } from './many-services.mjs';
import { memory } from './memory.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { payloads } from './payloads.mjs';
import { python } from './python.mjs';
import { requests } from './requests.mjs';
import { telemetry } from './telemetry.mjs';

/**
 * Everything that is measured, in the order of the page.
 *
 * @type {Readonly<Record<string, {
 *   title: string,
 *   about: string,
 *   measure: (context: import('../lib/figure.mjs').Context) => AsyncGenerator<import('../lib/figure.mjs').Figure>,
 * }>>}
 */
export const groups = {
  requests: {
    title: 'Requests of a short string',
    about: `A request carries 12 characters and the answer carries them back; the number in the name says how many are in flight.
\`raw\` is the shortest program on the bare library that gives the same guarantees ([tooling/bench/raw](../tooling/bench/raw)).
The others give less: rabbitmq-client has requests confirmed and answers not, NestJS neither; both send transient messages, into a
queue that is not durable, and get answers past any queue (direct reply-to); NestJS acknowledges before the work (\`noAck\`).
The SDK's are durable, confirmed by the broker both ways, and acknowledged after the answer is out.`,
    measure: requests,
  },
  concurrency: {
    title: 'One request at a time',
    about: `What it costs that a capability runs one handler at a time unless it says otherwise, where its handlers don't wait: against the
same service with \`concurrency: 32\`, which all other figures of the SDK have.`,
    measure: oneAtATime,
  },
  python: {
    title: 'The Python SDK',
    about: `Client and service of the Python SDK against client and service of this one, and the time from the start of a
client's process to its first answer. Over AMQP one request at a time: more breaks the Python SDK's connection.
Its requests are transient and unconfirmed. Its known stall of half a minute is mended for the measurement.`,
    measure: python,
  },
  payloads: {
    title: 'Larger payloads',
    about: 'As above, with JSON strings of 1 KiB (32 in flight) and 1 MiB (one at a time).',
    measure: payloads,
  },
  data: {
    title: 'Large data',
    about: `Data through a store (versitygw) in pieces of 64 KiB, one round trip at a time: put, read, deleted. \`plain\` is
\`s3Store\` with a size that is known and no checksum; \`checksum\` is what client and service do, SHA-256 both ways, with a payload
in memory (1 GiB: a Blob); \`parts\` the same with a stream of unknown size, in an upload of parts of 8 MiB. Bare aws4fetch signs three requests and streams both ways; with SHA-256
both ways too, but for \`plain-raw\` and \`checksum-raw-without\`. The data plane of the Python SDK holds all in memory and has no checksum of its own. Then requests by reference from client
to service over AMQP: \`text\` is a JSON string there and back, \`binary\` bytes in the answer alone, since the Python SDK's client can send nothing but JSON.`,
    measure: data,
  },
  checks: {
    title: 'Checks of payloads',
    about: `What the check of a payload takes that is made without \`eval\`, as for a client with a contract, against what its
encoding takes (\`JSON.stringify\` and \`TextEncoder\`). The goal is at most three times the encoding.`,
    measure: checks,
  },
  digits: {
    title: 'Whole numbers that lose digits',
    about: `What decoding a list of 100,000 takes with the look for whole numbers that are other ones as numbers of JavaScript, against
decoding without it. The goal is at most a fifth more. \`exact-19\` are whole numbers beyond 2^53 that are exact as numbers, such as times
in nanoseconds that are full seconds: nothing ends the look there, and each digit is read, until another message of the operation loses one.`,
    measure: digits,
  },
  events: {
    title: 'Events',
    about: `One publisher with 32 unconfirmed events, and so many listeners, each with its own connection: how many events reach
them in a second, all together, until the last one has the last.`,
    measure: events,
  },
  alone: {
    title: 'The SDK alone',
    about:
      'Client and service in one process over the in-memory transport, 256 in flight: no broker, no network.',
    measure: alone,
  },
  telemetry: {
    title: 'Telemetry',
    about: `Processor time of a request at client and service together, over the in-memory transport with 32 in flight, where \`@intersect-sdk/telemetry\` takes
one trace in ten: against a client and service without it, and against OpenTelemetry's context manager for Node alone, which
follows every promise of the process. The goal is at most 1.1 times.`,
    measure: telemetry,
  },
  memory: {
    title: 'Memory',
    about: `What one of 10,000 requests in flight takes, on the heap and beside it, after a garbage collection: at the client that waits
for the answers, and at the service that works on all of them at once.`,
    measure: memory,
  },
  services: {
    title: 'Many services',
    about: `One client asks 1,000 services in turn, or one of them, with one request in flight and with 32. All run in one process, each
with its own connection. \`raw\` compares what is left of the speed with what is left of bare amqplib's, measured after it.`,
    measure: manyServices,
  },
  imports: {
    title: 'Import',
    about: `What \`import\` of the client and one transport takes over a Node that does nothing; and how many packages are loaded
that are not used (Ajv before a schema is given, the other transport, ...).`,
    measure: imports,
  },
  cli: {
    title: 'The command line',
    about: `Processor time of \`intersect\`, in turns: its help against a Node that does nothing (at most 1.5 times), and a call, whose argument is
checked by the schema that it remembers, against the shortest program of the client that asks the same (at most 1.3 times).
\`first-answer-python\` is the time of one command, from its start to its end, that asks a service of the Python SDK for the first time and is sent
unchecked (at most 2 s).`,
    measure: cli,
  },
};
