import { writeFile } from 'node:fs/promises';
import type { Progress } from '@intersect-sdk/client';
import { ValidationError } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import { type Connected, withClient } from '../connect/with-client.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker, withTimeout } from '../frame/options.js';
import { jsonOf } from '../outcome/json.js';
import { UsageError } from '../outcome/usage-error.js';
import { argumentOf, readArgument } from '../schemas/argument.js';
import { checkCall, type PreparedCall } from '../schemas/check-call.js';
import { type FoundSchema, Schemas } from '../schemas/find-schema.js';

interface GivenOptions extends BrokerChoice {
  readonly timeout: number;
  readonly out?: string;
  readonly type?: string;
  readonly check?: boolean;
}

interface CallOptions extends GivenOptions {
  /** Whether the person has said how long to wait. */
  readonly isLimited: boolean;
}

interface Call {
  readonly address: string;
  readonly operation: string;
  readonly bytes: Uint8Array | undefined;
  readonly options: CallOptions;
}

/** Asks a service. Checked before it is sent, where the schema is known. */
export const callCommand: CommandFile = {
  declare(command, frame) {
    withTimeout(withBroker(command), '30s')
      .argument(
        '<address>',
        'the service: organization.facility.system.subsystem.service, `-` for no subsystem',
      )
      .argument('<operation>', 'CAPABILITY.OPERATION')
      .argument('[argument]', 'JSON; @file or - (standard input) for JSON or bytes')
      .option('--out <file>', 'write the answer there, as it came')
      .option('--type <type>', 'the content type of the argument, e.g. image/png; then it is sent as it is')
      .option('--check', 'wait for the schema of the service, and send nothing that does not fit')
      .option('--no-check', 'never look for a schema')
      .addHelpText('after', EXAMPLES)
      .action(
        (...given: [address: string, operation: string, argument: string | undefined, GivenOptions]) => {
          const [address, operation, argument, options] = given;
          const isLimited = command.getOptionValueSource('timeout') === 'cli';
          return call([address, operation, argument, { ...options, isLimited }], frame);
        },
      );
  },
};

async function call(
  [address, operation, argument, options]: [string, string, string | undefined, CallOptions],
  frame: Frame,
): Promise<void> {
  const bytes = await readArgument(argument, frame.surroundings);
  // A word that is no JSON is found before anything is connected. Only a schema can tell that it is none.
  if (options.check === false) argumentOf(bytes, options.type ?? DEFAULT_CONTENT_TYPE);
  await withClient({ ...options, requestTimeoutMs: options.timeout }, frame, (connected) =>
    ask({ address, operation, bytes, options }, connected, frame),
  );
}

/** How long a service that works may say nothing. */
const IDLE_TIMEOUT_MS = 60_000;

function sentenceOf({ fraction, message, data }: Progress): string {
  const share = fraction === undefined ? [] : [`${Math.floor(fraction * 100)} %`];
  const more = data === undefined ? [] : [jsonOf(data)];
  return [...share, ...(message === undefined ? [] : [message]), ...more].join(' ');
}

const EXAMPLES = `
Examples:
  intersect call hello-organization.hello-facility.hello-system.hello-subsystem.hello-service \\
    HelloExample.say_hello_to_name '"you"'
  intersect call ADDRESS Camera.snap --out picture.png
  jq -n '{width: 3}' | intersect call ADDRESS Camera.set_size -

Without --timeout an answer is waited for 30 s, and longer as long as the service says that it works on it.
What it says of its progress goes to standard error, where a person looks at it. Where the answer is a stream, each
item is a line, as soon as it comes. Ctrl+C stops the service's work, too.

Exit: 0 answered, 1 usage or configuration, 2 cannot connect, 3 no such service, 4 timeout,
5 answered with an error, 6 argument does not fit, 130 stopped.`;

async function ask(given: Call, { client, config }: Connected, frame: Frame): Promise<void> {
  const { address: destination, operation, options } = given;
  const { output, surroundings } = frame;
  const schemas = new Schemas({ client, config, surroundings });
  const { prepared, schema } = await check(given, schemas);
  if (prepared.unchecked !== undefined && options.check !== false) output.note(prepared.unchecked);
  const { contentType, payload } = prepared;
  const checkedBy = prepared.unchecked === undefined ? schema?.from : undefined;
  const request = { destination, operation, payload, contentType };
  const how = {
    ...(options.isLimited ? { timeoutMs: options.timeout } : { idleTimeoutMs: IDLE_TIMEOUT_MS }),
    signal: surroundings.signal,
    onProgress: (progress: Progress) => output.progress(sentenceOf(progress)),
  };
  if (prepared.isStream && options.out === undefined) {
    const about = { address: destination, operation, checkedBy: checkedBy ?? null };
    for await (const item of client.stream(request, how)) {
      await output.result({ ...about, item }, `${jsonOf(item)}\n`);
    }
    return;
  }
  const answer = await client.requestWithDetails(request, how);
  await print(answer, given, { frame, checkedBy });
}

interface Checked {
  readonly prepared: PreparedCall;
  readonly schema: FoundSchema | undefined;
}

/** Checks what is to be sent, where the schema is known. What an old schema refuses is checked by a new one, if that can be had. */
async function check({ options, ...call }: Call, schemas: Schemas): Promise<Checked> {
  const given = { ...call, type: options.type };
  if (options.check === false) return { prepared: checkCall(given, undefined), schema: undefined };
  const { address } = call;
  const schema = options.check ? await schemas.wait(address, options.timeout) : await schemas.atOnce(address);
  try {
    return { prepared: checkCall(given, schema), schema };
  } catch (error) {
    if (!(error instanceof ValidationError) || schema?.from !== 'cache') throw error;
    const anew = await schemas.ask(address);
    if (!anew) throw error;
    return { prepared: checkCall(given, anew), schema: anew };
  }
}

interface Printing {
  readonly frame: Frame;
  readonly checkedBy: string | undefined;
}

async function print(
  answer: { readonly payload: unknown; readonly contentType: string; readonly headers: object },
  { address, operation, options }: Call,
  { frame: { output }, checkedBy }: Printing,
): Promise<void> {
  const { payload, contentType } = answer;
  const isBytes = payload instanceof Uint8Array;
  const about = { address, operation, contentType, checkedBy: checkedBy ?? null };
  if (options.out !== undefined) {
    const data = isBytes ? payload : `${jsonOf(payload)}\n`;
    await writeFile(options.out, data);
    const told = `${data.length} bytes of ${contentType} are in ${options.out}.`;
    if (output.isJson) await output.object({ ...about, file: options.out, bytes: data.length });
    else output.note(told);
    return;
  }
  if (!isBytes) return output.result({ ...about, answer: payload }, `${jsonOf(payload)}\n`);
  if (output.isRead && !output.isJson) {
    throw new UsageError(`The answer is ${payload.length} bytes of ${contentType}: give --out FILE`);
  }
  await output.result({ ...about, base64: Buffer.from(payload).toString('base64') }, payload);
}
