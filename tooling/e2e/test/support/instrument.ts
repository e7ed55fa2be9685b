import { defineCapability, Type } from '@intersect-sdk/contract';

const Point = Type.Object({ x: Type.Number({ minimum: 0 }), y: Type.Number() }, { title: 'Point' });

const Scan = Type.Object(
  {
    name: Type.String({ title: 'Name', pattern: '^[a-z]+$' }),
    steps: Type.Integer({ title: 'Steps', minimum: 1, default: 5 }),
    from: Point,
    limit: Type.Union([Type.Integer(), Type.Null()], { title: 'Limit', default: null }),
    tags: Type.Array(Type.String({ title: 'Tag', minLength: 2 }), { title: 'Tags' }),
    pair: Type.Tuple([Type.Integer({ title: 'First' }), Type.String({ title: 'Second' })], { title: 'Pair' }),
  },
  { title: 'Scan' },
);

const Setting = Type.Union([Type.String(), Type.Number(), Type.Array(Type.Number()), Type.Null()], {
  title: 'Setting',
});
const Settings = Type.Record(Type.String(), Setting, { title: 'Settings' });

const Move = Type.Union(
  [
    Type.Object({ kind: Type.Literal('line'), to: Type.Number({ title: 'To' }) }, { title: 'Line' }),
    Type.Object({ kind: Type.Literal('arc'), radius: Type.Number({ title: 'Radius' }) }, { title: 'Arc' }),
  ],
  { title: 'Move' },
);

/** A capability with every kind of argument that is hard for a form. */
export const Instrument = defineCapability({
  name: 'Instrument',
  operations: {
    scan: { request: Scan, response: Scan },
    configure: { request: Settings, response: Settings },
    move: { request: Move, response: Move },
    refuse: { request: Type.Integer({ title: 'Number' }), response: Type.Integer() },
  },
  events: { measured: { schema: Type.Object({ value: Type.Number() }) } },
  status: { schema: Type.Object({ temperature: Type.Number() }) },
});
