import { connect as connectTcp, type Socket } from 'node:net';
import { generate, type IConnackPacket, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import type { DevBroker } from '../../src/index.js';

/** A CONNECT without user name. */
export const ANONYMOUS_CONNECT: IConnectPacket = {
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 5,
  clean: true,
  clientId: 'x',
  keepalive: 0,
};

/** A CONNECT with the default credentials. */
export function connectPacket(more: Partial<IConnectPacket> = {}): IConnectPacket {
  const password = Buffer.from('intersect_password');
  return { ...ANONYMOUS_CONNECT, username: 'intersect_username', password, ...more };
}

type PacketOf<C extends Packet['cmd']> = Extract<Packet, { cmd: C }>;

/** A client without manners: sends any packet or bytes, and hands out the broker's packets one by one. */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  /** Every packet that `send` sent. */
  readonly sent: Buffer[] = [];
  #packets: Packet[] = [];
  #waiting: { resolve: (packet: Packet) => void; reject: (error: Error) => void } | undefined;
  #isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    const reader = parser({ protocolVersion: 5 });
    reader.on('packet', (packet) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) this.#packets.push(packet);
      else waiting.resolve(packet);
    });
    socket.on('data', (chunk: Buffer) => reader.parse(chunk));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#isClosed = true;
        this.#waiting?.reject(new Error('The connection is closed'));
        resolve();
      });
    });
  }

  static async dial(broker: Pick<DevBroker, 'host' | 'port'>): Promise<RawClient> {
    const socket = connectTcp({ host: broker.host, port: broker.port, noDelay: true });
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    return new RawClient(socket);
  }

  /** Dials, sends CONNECT with the default credentials and waits for CONNACK. */
  static async connect(
    broker: Pick<DevBroker, 'host' | 'port'>,
    connect: Partial<IConnectPacket> = {},
  ): Promise<RawClient & { readonly connack: IConnackPacket }> {
    const client = await RawClient.dial(broker);
    client.send(connectPacket({ clientId: '', ...connect }));
    return Object.assign(client, { connack: await client.next('connack') });
  }

  send(packet: Packet): void {
    const bytes = generate(packet, { protocolVersion: 5 });
    this.sent.push(bytes);
    this.socket.write(bytes);
  }

  /** The next packet, which must be of this kind. */
  async next<C extends Packet['cmd']>(cmd: C): Promise<PacketOf<C>> {
    const packet =
      this.#packets.shift() ??
      (await new Promise<Packet>((resolve, reject) => {
        if (this.#isClosed) reject(new Error(`The connection is closed, ${cmd} was expected`));
        this.#waiting = { resolve, reject };
      }));
    if (packet.cmd !== cmd) throw new Error(`${cmd} was expected, not ${JSON.stringify(packet)}`);
    return packet as PacketOf<C>;
  }

  /** Makes sure that the broker handled all that was sent, and had nothing else to say. */
  async ping(): Promise<void> {
    this.send({ cmd: 'pingreq' });
    await this.next('pingresp');
  }

  async subscribe(
    topic: string,
    options: { qos?: 0 | 1 | 2; nl?: boolean; rap?: boolean; rh?: number; id?: number } = {},
  ): Promise<number> {
    const { id, qos = 0, ...rest } = options;
    const properties = id === undefined ? {} : { subscriptionIdentifier: id };
    this.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos, ...rest }], properties });
    const { granted } = await this.next('suback');
    return granted[0] as number;
  }

  publish(topic: string, payload: string | Buffer = '', options: Partial<PacketOf<'publish'>> = {}): void {
    this.send({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false, ...options });
  }

  /** The payload of the next message. */
  async message(): Promise<string> {
    return (await this.next('publish')).payload.toString();
  }

  /** Cuts the connection without DISCONNECT. */
  async cut(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
  }
}
