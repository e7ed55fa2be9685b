// RPC of rabbitmq-client, as its documentation writes it; only `noDelay` is added.
import { Connection } from 'rabbitmq-client';
import { closedLoop } from '../lib/closed-loop.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';

const { host: hostname, port, username, password, queue } = settings();
const rabbit = new Connection({ hostname, port, username, password, noDelay: true });
await rabbit.onConnect();
const rpcClient = rabbit.createRPCClient({ confirm: true });

/** @param {string} payload */
const ask = async (payload) => (await rpcClient.send(queue, payload)).body;

await takeCommands(
  { measure: (load) => closedLoop(ask, load) },
  {
    end: async () => {
      await rpcClient.close();
      await rabbit.close();
    },
  },
);
