import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { type ClientKit, EVENT, RESOLVED, rightAnswer, rightEvent, type Waiting } from './answers.js';
import type { Random } from './random.js';
import type { RawMessage } from './raw-message.js';
import { ANSWERED, channelOf, type Hostile, type Kit, rightRequest, TOLD } from './requests.js';
import { Tally } from './tally.js';
import type { Wire } from './wire.js';

/** A program under test, what it did so far, and what hostile messages to it are made of. */
export interface Target<K> extends AsyncDisposable {
  readonly seen: Tally;
  readonly kit: K;
  /** Called when all that was sent has had its outcomes. */
  prepare(): Promise<void>;
  right(): Hostile;
  /** What is left when all is over. */
  remainder(): Promise<unknown>;
}

const text = Type.Object({ text: Type.String(), count: Type.Optional(Type.Integer()) });

const lab = defineCapability({
  name: 'Lab',
  operations: { echo: { request: text, response: text, validation: 'strict' } },
}).implement({ echo: (value) => value });

/** Kind and reason, or code, of what a client or service reports. */
function outcomeOf(report: {
  readonly kind: string;
  readonly reason?: unknown;
  readonly error?: unknown;
}): string {
  const why = report.reason ?? (report.error as { readonly code?: unknown } | undefined)?.code;
  return why === undefined ? report.kind : `${report.kind} ${why}`;
}

/** Unique, so that brokers that others use as well don't mix them up. */
function addressOf(random: Random, name: string): string {
  return `org.fac.sys.-.${name}-${random.uuid().slice(0, 8)}`;
}

export async function serviceTarget(wire: Wire, random: Random, storeUrl: string): Promise<Target<Kit>> {
  const seen = new Tally();
  const [asker, victim] = [addressOf(random, 'asker'), addressOf(random, 'victim')];
  const name = addressOf(random, 'svc').split('.').at(-1) as string;
  const service = new IntersectService([lab], {
    hierarchy: { organization: 'org', facility: 'fac', system: 'sys', service: name },
    brokers: [wire.transport()],
    keepRequestsMs: 60_000,
    onReport: (report) => seen.count(outcomeOf(report)),
  });
  const repeated = new Set<unknown>();
  let last: RawMessage | undefined;
  let answered: RawMessage | undefined;
  for (const address of [asker, victim]) {
    await wire.listen(channelOf(address, 'response'), ({ headers }) => {
      if (!repeated.has(headers.request_id)) seen.count(headers.has_error === 'true' ? TOLD : ANSWERED);
    });
  }
  await service.startup();
  const kit: Kit = {
    random,
    abilities: wire.abilities,
    cast: { service: service.address, asker, victim, storeUrl },
    answeredBefore: () => {
      const message = answered as RawMessage;
      repeated.add(message.headers.find(([header]) => header === 'request_id')?.[1]);
      return message;
    },
  };
  return {
    seen,
    kit,
    right: () => {
      last = rightRequest(kit, 'right');
      return { message: last, outcomes: [ANSWERED] };
    },
    prepare: async () => {
      answered = last;
    },
    remainder: async () => {
      const { inFlight, running } = service.health().requests;
      return { inFlight, running };
    },
    [Symbol.asyncDispose]: async () => void (await service.shutdown()),
  };
}

const POOL = 450;

export async function clientTarget(wire: Wire, random: Random): Promise<Target<ClientKit>> {
  const seen = new Tally();
  const service = addressOf(random, 'svc');
  const client = new IntersectClient({
    brokers: [wire.transport()],
    onReport: (report) => seen.count(outcomeOf(report)),
  });
  const pool: Waiting[] = [];
  let enough: { readonly count: number; resolve(): void } | undefined;
  await wire.listen(channelOf(service, 'request'), ({ headers }) => {
    pool.push({ requestId: String(headers.request_id), campaignId: String(headers.campaign_id) });
    if (enough && pool.length >= enough.count) enough.resolve();
  });
  await client.startup();
  const events = client.events({ hierarchy: service, capabilityName: 'Lab', eventName: 'tick' });
  await events.ready;
  const reading = (async () => {
    for await (const _event of events) seen.count(EVENT);
  })();
  const kit: ClientKit = {
    random,
    abilities: wire.abilities,
    client: client.address,
    service,
    peek: () => random.pick(pool),
    take: () => pool.pop() as Waiting,
  };
  const ask = (): void => {
    client.request({ destination: service, operation: 'Lab.echo', payload: 1 }).then(
      () => seen.count(RESOLVED),
      (error: { readonly code: string }) => seen.count(`request ${error.code}`),
    );
  };
  return {
    seen,
    kit,
    prepare: async () => {
      enough = undefined;
      for (let at = pool.length; at < POOL; at++) ask();
      await new Promise<void>((resolve) => {
        enough = { count: POOL, resolve };
        if (pool.length >= POOL) resolve();
      });
    },
    right: () =>
      random.below(2) === 0
        ? { message: rightEvent(kit), outcomes: [EVENT] }
        : { message: rightAnswer(kit, kit.take()), outcomes: [RESOLVED] },
    remainder: async () => {
      // Those that only lies were told about are still waiting, and end with their right answer.
      const before = seen.total;
      const expected = new Tally();
      expected.count('all', before + pool.length);
      await Promise.all(pool.splice(0).map((waiting) => wire.send(rightAnswer(kit, waiting))));
      await seen.reach(expected, 30_000);
      return { missing: expected.total - seen.total };
    },
    [Symbol.asyncDispose]: async () => {
      await client.shutdown();
      await reading;
    },
  };
}
