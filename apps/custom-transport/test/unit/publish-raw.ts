import { once } from 'node:events';
import { connect } from 'node:net';
import type { WireMessage } from '@intersect-sdk/core';
import type { HubOptions } from '../../src/hub-transport.js';

/** Publishes as a program would that knows the hub's protocol from its description alone. */
export async function publishRaw(message: WireMessage, { port, name, password }: HubOptions): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  const headers = Object.entries(message.headers).map(([key, value]) => `\u0003${key}\u0002${value}`);
  const head = `content_type\u0002${message.contentType}${headers.join('')}\u0001`;
  socket.write(sized(`hello ${name}\n${password}`));
  socket.write(sized(`publish ${message.channel}\n${head}${Buffer.from(message.payload)}`));
  // The hub has answered both when as many bytes came in.
  const answers = sized('yes\n').length + sized('yes 1\n').length;
  while (socket.bytesRead < answers) await once(socket, 'data');
  socket.destroy();
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(`    ${text}`);
  bytes.writeUInt32BE(bytes.length - 4);
  return bytes;
}
