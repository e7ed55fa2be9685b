// What both services emit: written down once, shared by those who emit it and those who listen.
import { defineCapability, Type } from '@intersect-sdk/contract';

export const ExposedServiceCapability = defineCapability({
  name: 'ExposedServiceCapability',
  description: 'Passes the events of the internal service on.',
  events: { exposed_service_event: { schema: Type.String() } },
});

export const InternalServiceCapability = defineCapability({
  name: 'InternalServiceCapability',
  description: 'Emits a text every two seconds.',
  events: { internal_service_event: { schema: Type.String() } },
});
