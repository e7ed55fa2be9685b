import { defineCapability, Type } from '@intersect-sdk/contract';

export const Thermostat = defineCapability({
  name: 'Thermostat',
  operations: {
    set_target: { request: Type.Number({ title: 'kelvin', minimum: 0 }), response: Type.Number() },
    rest: {},
  },
  events: { target_changed: { schema: Type.Number() } },
  status: { schema: Type.Object({ kelvin: Type.Number() }) },
});

/** A new one, at 293 K. */
export function thermostatOf() {
  let target = 293;
  return Thermostat.implement({
    set_target: async (kelvin, { emit }) => {
      const before = target;
      target = kelvin;
      await emit('target_changed', kelvin);
      return before;
    },
    rest: () => {},
    status: () => ({ kelvin: target }),
  });
}
