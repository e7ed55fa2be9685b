// What the program computes, whichever way it is asked. It knows nothing of INTERSECT.
import type { Input, Output } from './contract.js';

export function compute(input: Input, message: string): Output {
  return {
    computed_value: input.param_1 + input.param_2 * input.param_3,
    parse_time: new Date().toISOString(),
    message,
  };
}
