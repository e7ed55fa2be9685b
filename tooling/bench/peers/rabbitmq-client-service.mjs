// RPC of rabbitmq-client, as its documentation writes it; only `noDelay` is added.
import { once } from 'node:events';
import { Connection } from 'rabbitmq-client';
import { settings, takeCommands } from '../lib/commands.mjs';

const { host: hostname, port, username, password, queue } = settings();
const rabbit = new Connection({ hostname, port, username, password, noDelay: true });
const rpcServer = rabbit.createConsumer({ queue }, async (request, reply) => {
  await reply(request.body);
});
await once(rpcServer, 'ready');

await takeCommands(
  {},
  {
    end: async () => {
      await rpcServer.close();
      await rabbit.queueDelete(queue);
      await rabbit.close();
    },
  },
);
