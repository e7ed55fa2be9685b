// Publishes events on bare mqtt.js with what the SDK promises: kept over a restart, and confirmed by the broker.
import { connectAsync } from 'mqtt';
import { settings, takeCommands } from '../lib/commands.mjs';
import { channelOf } from '../lib/names.mjs';
import { publishFor } from '../lib/publish-for.mjs';
import { eventHeadersOf } from './headers.mjs';

const { host, port, username, password, service } = settings();

const client = await connectAsync({ protocol: 'mqtt', host, port, username, password, protocolVersion: 5 });
// A lone message goes out at once.
/** @type {import('node:net').Socket} */ (client.stream).setNoDelay(true);

const publish = () =>
  client.publishAsync(`${channelOf(service)}/events/Bench/tick`, JSON.stringify('hello'), {
    qos: 1,
    properties: {
      contentType: 'application/json',
      userProperties: eventHeadersOf({ source: service, capability: 'Bench', event: 'tick' }),
    },
  });

await takeCommands({ publish: (load) => publishFor(publish, load) }, { end: () => client.endAsync() });
