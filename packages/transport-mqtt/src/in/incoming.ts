import type { MqttClient } from 'mqtt';
import { fromPacket } from './message.js';
import type { ReceivedPublish } from './received-publish.js';

const LATER = new Error('acknowledged later');

/**
 * Hands each message that mqtt.js reads to `take`, and keeps mqtt.js from acknowledging it by itself: an error
 * skips that and lets the next packet come. `handleMessage` is mqtt.js's own place for this, but that an
 * error has this meaning is not documented, so mqtt.js is pinned and a test watches it.
 */
export function takeMessages(client: MqttClient, take: (publish: ReceivedPublish) => void): void {
  client.handleMessage = (packet, next) => {
    take(fromPacket(packet));
    if (packet.qos === 1) next(LATER);
    else next();
  };
}
