// Runs a hub until Ctrl+C.
import { once } from 'node:events';
import { HubServer } from './hub-server.js';

const hub = await HubServer.start({
  port: Number(process.env.HUB_PORT ?? 7070),
  password: 'intersect_password',
});
console.log(`Hub is ready at 127.0.0.1:${hub.port}; Ctrl+C ends it.`);

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await hub[Symbol.asyncDispose]();
