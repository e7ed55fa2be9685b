// What the web server, the capability and the client share.
import { type Static, Type } from '@intersect-sdk/service';

export const CAPABILITY_NAME = 'fastapi_sample_capability';
export const EVENT_NAME = 'fastapi_event';
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

export function compute(input: Input, message: string): Output {
  return {
    computed_value: input.param_1 + input.param_2 * input.param_3,
    parse_time: new Date().toISOString(),
    message,
  };
}
