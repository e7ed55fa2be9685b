// What the camera offers: written down once, shared by service and client.
import { Binary, defineCapability, Type } from '@intersect-sdk/contract';

const Pixels = Type.Integer({ minimum: 1, maximum: 20_000 });
const Size = Type.Object({ width: Pixels, height: Pixels });

export const Camera = defineCapability({
  name: 'Camera',
  description: 'Takes pictures of the sea. They are too large for a broker, so they travel by reference.',
  operations: {
    take_picture: {
      description: 'Takes one picture.',
      request: Size,
      response: Binary('image/png'),
      responseDataHandler: 'MINIO',
    },
    scan: {
      description: 'Takes a picture line by line, so that it may be larger than memory.',
      request: Size,
      response: Binary('image/png'),
      responseDataHandler: 'MINIO',
    },
    record: {
      description:
        'Takes pictures one after the other, tells of each in the event frame, and answers how many they were.',
      request: Type.Integer({ title: 'frames', minimum: 1, maximum: 1000 }),
      response: Type.Integer(),
    },
  },
  events: { frame: { schema: Binary('image/png'), dataHandler: 'MINIO' } },
  status: { schema: Type.String() },
});
