// The part of mqtt.js that a browser needs, as `#mqtt` gives it: the client over the browser's own WebSocket.
// Left out of mqtt.js's own bundle: SOCKS, WeChat, Alipay, a URL parser, and debug output.
import client from 'mqtt/lib/client';
import webSocket from 'mqtt/lib/connect/ws';

const MqttClient = client.default;

// biome-ignore lint/style/noDefaultExport: it stands in for the package mqtt, which has one
export default {
  webSocketOnly: true,

  /** @param {import('mqtt').IClientOptions} options */
  connect(options) {
    const made = new MqttClient((self) => webSocket.browserStreamBuilder(self, options), options);
    // As mqtt.js does itself: an error that comes after the end must not throw.
    made.on('error', () => {});
    return made;
  },
};
