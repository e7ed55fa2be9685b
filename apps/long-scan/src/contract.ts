// What the service offers and the client asks for: written down once, shared by both.
import { defineCapability, type Static, Stream, Type } from '@intersect-sdk/contract';

export const HIERARCHY = {
  organization: 'scan-organization',
  facility: 'scan-facility',
  system: 'scan-system',
  subsystem: 'scan-subsystem',
  service: 'scan-service',
};

export const Point = Type.Object({ angle: Type.Number(), counts: Type.Integer() }, { title: 'Point' });
export type Point = Static<typeof Point>;

export const Diffractometer = defineCapability({
  name: 'Diffractometer',
  description: 'Turns a sample and counts what comes off it.',
  operations: {
    align: {
      description: 'Moves the sample into the beam, and tells how far it is.',
      response: Type.String(),
    },
    scan: {
      description: 'Measures one angle after the other, as many as are asked for.',
      request: Type.Integer({ title: 'angles', minimum: 1 }),
      response: Stream(Point),
    },
    motor: { description: 'Whether the motor turns.', response: Type.String(), concurrency: 2 },
  },
});
