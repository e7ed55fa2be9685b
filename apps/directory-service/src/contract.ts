// What the directory offers: who asks once knows which services there are. A page or a Python client needs nothing else for that.
import { defineCapability, Type } from '@intersect-sdk/contract';

const Moment = Type.String({ format: 'date-time' });

const KnownService = Type.Object(
  {
    address: Type.String(),
    state: Type.Union([
      Type.Literal('up'),
      Type.Literal('blocked'),
      Type.Literal('silent'),
      Type.Literal('down'),
    ]),
    since: Moment,
    last_seen: Type.Union([Moment, Type.Null()]),
    blocked_keys: Type.Array(Type.String()),
    instances: Type.Union([Type.Integer(), Type.Null()]),
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'KnownService', description: 'A service, and whether it is there.' },
);

const Description = Type.Object(
  {
    schema: Type.Object({}, { description: 'The schema document, as the service told it.' }),
    statuses: Type.Object({}, { description: 'What each capability said of itself.' }),
    told_at: Moment,
  },
  { title: 'Description', description: 'What a service can do and how it was, and when it told so.' },
);

export const Directory = defineCapability({
  name: 'Directory',
  description: 'Which services there are, what they can do, and whether they are there.',
  // Who waits for a service does not keep others from asking.
  concurrency: 100,
  operations: {
    list_services: { description: 'All services that are known.', response: Type.Array(KnownService) },
    describe_service: {
      description: 'What a service can do, by its address; null where that is not known.',
      request: Type.String({ title: 'address' }),
      response: Type.Union([Description, Type.Null()]),
    },
    wait_for_service: {
      description:
        'Answers as soon as the service is there and told what it can do, or fails after a minute.',
      request: Type.String({ title: 'address' }),
      response: KnownService,
    },
  },
  events: {
    changed: {
      description: 'A service appeared, or something of it changed.',
      schema: Type.Object({ kind: Type.String(), service: KnownService }, { title: 'Change' }),
    },
  },
  status: {
    schema: Type.Object({ services: Type.Integer(), up: Type.Integer() }, { title: 'DirectoryStatus' }),
  },
});
