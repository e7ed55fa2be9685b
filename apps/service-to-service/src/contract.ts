// What both services offer: written down once, shared by those who offer it and those who ask.
import { defineCapability, Type } from '@intersect-sdk/contract';

export const ServiceOne = defineCapability({
  name: 'ServiceOne',
  description: 'Passes text on to service two.',
  operations: {
    pass_text_to_service_2: {
      description: 'Sends the text to service two, then a second one, and emits what comes back.',
      request: Type.String({ title: 'text' }),
    },
  },
  events: { response_event: { schema: Type.String() } },
  status: { schema: Type.String() },
});

export const ServiceTwo = defineCapability({
  name: 'ServiceTwo',
  description: 'Acknowledges text.',
  operations: {
    test_service: {
      description: 'Answers with the text and an acknowledgement.',
      request: Type.String({ title: 'text' }),
      response: Type.String(),
    },
  },
  status: { schema: Type.String() },
});
