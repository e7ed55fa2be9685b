import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type IConnackPacket, type IConnectPacket, type Packet, parser, writeToStream } from 'mqtt-packet';

type Command = Packet['cmd'];
type Of<C extends Command> = Extract<Packet, { cmd: C }>;

/** What the broker does on a packet instead of the usual; nothing by default. */
export type Script = { readonly [C in Command]?: (peer: FakePeer, packet: Of<C>) => void };

export interface FakeBrokerOptions {
  readonly connack?: Partial<IConnackPacket>;
  readonly script?: Script;
  readonly tls?: TlsOptions;
  /** Keeps its side of a connection open when the client ended the other. */
  readonly allowHalfOpen?: boolean;
}

/** A broker that says what a test wants it to say. Without a script it accepts everything and keeps quiet. */
export class FakeBroker implements AsyncDisposable {
  readonly #server: Server;
  readonly #options: FakeBrokerOptions;
  readonly #waiting: { holds: () => boolean; resolve: () => void }[] = [];
  readonly peers: FakePeer[] = [];

  private constructor(options: FakeBrokerOptions) {
    this.#options = options;
    const accept = (socket: Socket): void => {
      this.peers.push(new FakePeer(socket, this.#options, () => this.#check()));
    };
    const { allowHalfOpen = false } = options;
    this.#server = options.tls
      ? createTlsServer(options.tls, accept)
      : createServer({ allowHalfOpen }, accept);
    this.#server.on('tlsClientError', () => {});
  }

  static async start(options: FakeBrokerOptions = {}): Promise<FakeBroker> {
    const broker = new FakeBroker(options);
    await new Promise<void>((resolve) => broker.#server.listen(0, '127.0.0.1', resolve));
    return broker;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** The packets of one kind from all connections, in the order in which they came. */
  received<C extends Command>(cmd: C): Of<C>[] {
    return this.peers.flatMap((peer) =>
      peer.received.filter((packet): packet is Of<C> => packet.cmd === cmd),
    );
  }

  /** Resolves when so many packets of the kind came. */
  async until<C extends Command>(cmd: C, count = 1): Promise<Of<C>[]> {
    await this.#untilHolds(() => this.received(cmd).length >= count);
    return this.received(cmd);
  }

  /** The latest connection with this end of its client id. */
  peer(clientIdEnd = ''): FakePeer {
    const found = this.peers.findLast((one) => one.connect?.clientId.endsWith(clientIdEnd));
    if (!found) throw new Error(`no connection of a client ...${clientIdEnd}`);
    return found;
  }

  async allClosed(): Promise<void> {
    await this.#untilHolds(() => this.peers.every((peer) => peer.closed));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #untilHolds(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ holds, resolve }));
  }

  #check(): void {
    for (const one of [...this.#waiting]) {
      if (!one.holds()) continue;
      this.#waiting.splice(this.#waiting.indexOf(one), 1);
      one.resolve();
    }
  }
}

/** One connection, seen from the broker. */
export class FakePeer {
  readonly socket: Socket;
  readonly received: Packet[] = [];
  connect: IConnectPacket | undefined;
  closed = false;
  readonly #options: FakeBrokerOptions;

  constructor(socket: Socket, options: FakeBrokerOptions, changed: () => void) {
    this.socket = socket;
    this.#options = options;
    const packets = parser({ protocolVersion: 5 });
    packets.on('packet', (packet: Packet) => {
      this.received.push(packet);
      this.#answer(packet);
      changed();
    });
    packets.on('error', () => socket.destroy());
    socket.on('data', (bytes) => packets.parse(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      changed();
    });
  }

  send(packet: Packet): void {
    writeToStream(packet, this.socket as never, { protocolVersion: 5 });
  }

  /** A message for the client; `messageId` 0 for QoS 0. */
  deliver(topic: string, messageId: number, more: object = {}): void {
    const qos = messageId === 0 ? 0 : 1;
    this.send({ cmd: 'publish', topic, payload: 'x', qos, dup: false, retain: false, messageId, ...more });
  }

  #answer(packet: Packet): void {
    const script = this.#options.script?.[packet.cmd] as
      | ((peer: FakePeer, packet: Packet) => void)
      | undefined;
    if (packet.cmd === 'connect') this.connect = packet;
    if (script) script(this, packet);
    else if (packet.cmd === 'connect') {
      this.send({ cmd: 'connack', reasonCode: 0, sessionPresent: false, ...this.#options.connack });
    } else if (packet.cmd === 'subscribe') {
      const granted = packet.subscriptions.map(() => 1);
      this.send({ cmd: 'suback', messageId: packet.messageId as number, granted });
    } else if (packet.cmd === 'unsubscribe') {
      const granted = packet.unsubscriptions.map(() => 0);
      this.send({ cmd: 'unsuback', messageId: packet.messageId as number, granted });
    } else if (packet.cmd === 'publish' && packet.qos > 0) {
      this.send({ cmd: 'puback', messageId: packet.messageId as number, reasonCode: 0 });
    } else if (packet.cmd === 'pingreq') this.send({ cmd: 'pingresp' });
    else if (packet.cmd === 'disconnect') this.socket.end();
  }
}
