// A service inside a web server: the server's own lifecycle starts and stops it, and an HTTP request emits an event.
import { loadServiceConfig } from '@intersect-sdk/config';
import { IntersectService } from '@intersect-sdk/service';
import fastify from 'fastify';
import { compute } from './computation.js';
import { FastapiSample, HIERARCHY, Input } from './contract.js';

const capability = FastapiSample.implement({
  intersect_request: (input) => compute(input, 'Origin from INTERSECT'),
});

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers, hierarchy } = await loadServiceConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  hierarchy: HIERARCHY,
});
const service = new IntersectService([capability], { brokers, hierarchy });

const server = fastify();
// No lifecycle loop here: the server is the one that begins and ends.
server.addHook('onReady', async () => void (await service.startup()));
server.addHook('onClose', async () => void (await service.shutdown('The web server was stopped.')));

server.post<{ Body: Input }>('/', { schema: { body: Input } }, async ({ body }) => {
  await capability.emit('fastapi_event', compute(body, 'Origin from FastAPI - INTERSECT'));
  return compute(body, 'Origin from FastAPI - HTTP response');
});
server.get('/health', () => service.health());

const url = await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 8000) });
console.log(`The web server is ready at ${url}; Ctrl+C ends it.`);

for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void server.close());
