import type { MqttClient } from 'mqtt';
import { PacketSplitter } from '../in/packet-splitter.js';
import type { ReceivedPublish } from '../in/received-publish.js';

/** What is read before mqtt.js gets to see it. */
export interface FirstReader {
  message(publish: ReceivedPublish): void;
  /** The broker's word on a QoS 1 publish. */
  confirmed(messageId: number, reasonCode: number): void;
  /** mqtt.js is to refuse what is larger. */
  readonly maxPacketSizeBytes?: number | undefined;
}

type Stream = MqttClient['stream'];
type StreamBuilder = (client: MqttClient) => Stream;

/**
 * Gives PUBLISH and PUBACK to `reader`, and everything else to mqtt.js, from the next `connect()` of the client on. Returns false where the
 * client is not as expected: then mqtt.js reads everything.
 *
 * mqtt.js asks its `streamBuilder` for the stream and pipes that into its parser. Neither is documented, so mqtt.js is pinned and a test watches it.
 */
export function readFirst(client: MqttClient, reader: FirstReader): boolean {
  const own = client as unknown as { streamBuilder?: StreamBuilder };
  const build = own.streamBuilder;
  if (typeof build !== 'function') return false;
  own.streamBuilder = (asking) => splitting(build(asking), reader);
  return true;
}

/** The stream, of which what it is piped into gets only a part. */
function splitting(stream: Stream, reader: FirstReader): Stream {
  const { maxPacketSizeBytes } = reader;
  const pipe = (parser: NodeJS.WritableStream): NodeJS.WritableStream => {
    const splitter = new PacketSplitter(
      {
        message: (publish) => reader.message(publish),
        confirmed: (messageId, reasonCode) => reader.confirmed(messageId, reasonCode),
        other: (bytes) => void parser.write(bytes),
      },
      maxPacketSizeBytes,
    );
    stream.on('data', (chunk: Uint8Array) => splitter.take(chunk));
    stream.once('end', () => void parser.end());
    return parser;
  };
  return Object.assign(stream, { pipe });
}
