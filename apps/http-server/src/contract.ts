// What the service offers and the client asks for: written down once, shared by both and by the web server.
import { defineCapability, type Static, Type } from '@intersect-sdk/contract';

export const HIERARCHY = {
  organization: 'fastapi-organization',
  facility: 'fastapi-facility',
  system: 'fastapi-system',
  subsystem: 'fastapi-subsystem',
  service: 'fastapi-service',
};

export const Input = Type.Object(
  { param_1: Type.Number(), param_2: Type.Integer(), param_3: Type.Integer() },
  { title: 'MockInputType' },
);
export type Input = Static<typeof Input>;

export const Output = Type.Object(
  {
    computed_value: Type.Number(),
    parse_time: Type.String({ format: 'date-time', default: '1970-01-01T00:00:00Z' }),
    message: Type.String({ default: '' }),
  },
  { title: 'MockOutputType' },
);
export type Output = Static<typeof Output>;

export const FastapiSample = defineCapability({
  name: 'fastapi_sample_capability',
  description: 'Computes, asked over INTERSECT; the web server emits its event.',
  operations: {
    intersect_request: { description: 'Answers with a computed value.', request: Input, response: Output },
  },
  events: { fastapi_event: { schema: Output } },
});
