import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Credentials } from '@intersect-sdk/transport/endpoint';
import { type BrokerReason, messageOf } from '../errors/errors.js';

/** The broker took the login, but not the virtual host. */
export class VirtualHostRefused extends Error {
  /** Undefined when the second handshake did not end with the same refusal. */
  readonly reason: BrokerReason | undefined;

  constructor(reason: BrokerReason | undefined) {
    super(reason ? `Virtual host refused: ${reason.code} ${reason.text}` : 'Virtual host refused');
    this.reason = reason;
  }
}

export function isVirtualHostRefusal(error: unknown): boolean {
  return messageOf(error).startsWith('Expected ConnectionOpenOk; got <ConnectionClose');
}

export interface RefusedHandshake extends Credentials {
  readonly host: string;
  readonly port: number;
  readonly vhost: string;
  readonly signal: AbortSignal;
  readonly tls: Omit<ConnectionOptions, 'timeout'> | undefined;
}

const CONNECTION = 10;
const START = 10;
const START_OK = 11;
const TUNE = 30;
const TUNE_OK = 31;
const OPEN = 40;
const CLOSE = 50;
const CLOSE_OK = 51;
const FRAME_HEAD_BYTES = 7;
const FRAME_END = 0xce;

/**
 * amqplib drops the words with which a broker refuses a virtual host, and they alone tell a wrong name,
 * which stays wrong, from a limit that is reached or a host that is starting, which pass. So the handshake is
 * done once more, by hand, only to read them.
 */
export function askWhyRefused(handshake: RefusedHandshake): Promise<VirtualHostRefused> {
  return new Promise((resolve) => {
    const { host, port, signal, tls } = handshake;
    const socket: Socket = tls
      ? connectTls({ host, port, signal, ...tls } as ConnectionOptions)
      : connectTcp({ host, port, signal });
    const end = (reason?: BrokerReason): void => {
      resolve(new VirtualHostRefused(reason));
      socket.destroy();
    };
    let unread = Buffer.alloc(0);
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.on(tls ? 'secureConnect' : 'connect', () => socket.write('AMQP\x00\x00\x09\x01', 'latin1'));
    socket.on('data', (bytes: Buffer) => {
      unread = Buffer.concat([unread, bytes]);
      while (unread.length > FRAME_HEAD_BYTES) {
        const frameBytes = FRAME_HEAD_BYTES + unread.readUInt32BE(3) + 1;
        if (unread.length < frameBytes) return;
        const payload = unread.subarray(FRAME_HEAD_BYTES, frameBytes - 1);
        unread = unread.subarray(frameBytes);
        if (payload.length < 4) return end();
        const { answer, reason } = step(payload, handshake);
        if (answer) socket.write(answer);
        if (reason || !answer) return end(reason);
      }
    });
  });
}

/** The answer to one method of the broker; none when the handshake is over. */
function step(
  payload: Buffer,
  { username, password, vhost }: RefusedHandshake,
): { readonly answer?: Buffer; readonly reason?: BrokerReason } {
  const args = payload.subarray(4);
  switch (payload.readUInt16BE(2)) {
    case START: {
      const login = Buffer.from(`\x00${username}\x00${password}`);
      const noProperties = uint32(0);
      return {
        answer: method(START_OK, noProperties, short('PLAIN'), uint32(login.length), login, short('en_US')),
      };
    }
    case TUNE:
      // The broker's own channel and frame limits, no heartbeat.
      return {
        answer: Buffer.concat([
          method(TUNE_OK, args.subarray(0, 6), Buffer.from([0, 0])),
          method(OPEN, short(vhost), short(''), Buffer.from([0])),
        ]),
      };
    case CLOSE: {
      const text = args.subarray(3, 3 + args.readUInt8(2)).toString('utf8');
      return { answer: method(CLOSE_OK), reason: { code: args.readUInt16BE(0), text } };
    }
    default:
      return {};
  }
}

function method(id: number, ...args: Buffer[]): Buffer {
  const payload = Buffer.concat([Buffer.from([0, CONNECTION, 0, id]), ...args]);
  return Buffer.concat([Buffer.from([1, 0, 0]), uint32(payload.length), payload, Buffer.from([FRAME_END])]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function short(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
