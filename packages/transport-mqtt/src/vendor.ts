import type { IPublishPacket, MqttClient } from 'mqtt';

/**
 * The one thing we use of mqtt.js that is not its public interface, which is why its version is pinned
 * and a unit test watches it. Through the public `publish` each message is deep-copied into a store
 * that we must not have (the supervisor sends again, not mqtt.js), and there is no public way to
 * acknowledge a message later than the call that brought it.
 */
interface PacketSender {
  _sendPacket(packet: object, done?: undefined, stored?: undefined, withoutStore?: boolean): void;
}

/** Hands a publish to the network as it is, without storing it. */
export function sendPublish(client: MqttClient, packet: IPublishPacket): void {
  (client as unknown as PacketSender)._sendPacket(packet, undefined, undefined, true);
}

/** Acknowledges a QoS 1 message. */
export function sendPuback(client: MqttClient, messageId: number): void {
  (client as unknown as PacketSender)._sendPacket({ cmd: 'puback', messageId, reasonCode: 0 });
}

/** Hands a message of the broker to `take` and keeps mqtt.js from acknowledging it by itself. */
export function takeMessages(client: MqttClient, take: (packet: IPublishPacket) => void): void {
  client.handleMessage = (packet, next) => {
    if (packet.qos === 1) {
      take(packet);
      // An error only skips the acknowledgement and lets the next packet come.
      next(LATER);
    } else {
      take(packet);
      next();
    }
  };
}

const LATER = new Error('acknowledged later');
