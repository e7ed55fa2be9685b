import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import mqttPacket from 'mqtt-packet';

/** A broker that says what it is told to say when somebody connects, confirms every subscription and message, and passes nothing on. */
export async function startFakeMqttBroker(
  properties: Record<string, unknown>,
  { version = 5, returnCode = 0 }: { version?: 4 | 5; returnCode?: number } = {},
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((socket) => {
    const parser = mqttPacket.parser({ protocolVersion: 5 });
    const send = (packet: object) =>
      socket.write(mqttPacket.generate(packet as never, { protocolVersion: version }));
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        send({ cmd: 'connack', sessionPresent: false, reasonCode: returnCode, returnCode, properties });
        if (returnCode !== 0) socket.end();
      }
      if (packet.cmd === 'subscribe') send({ cmd: 'suback', messageId: packet.messageId, granted: [1] });
      if (packet.cmd === 'unsubscribe') send({ cmd: 'unsuback', messageId: packet.messageId, granted: [0] });
      if (packet.cmd === 'pingreq') send({ cmd: 'pingresp' });
      if (packet.cmd === 'publish' && packet.qos > 0) {
        send({ cmd: 'puback', messageId: packet.messageId, reasonCode: 0x10 });
      }
    });
    parser.on('error', () => socket.destroy());
    socket.on('data', (data) => parser.parse(data));
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://u:p@127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
