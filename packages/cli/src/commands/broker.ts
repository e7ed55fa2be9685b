import { once } from 'node:events';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { EXAMPLE_CREDENTIALS } from '../connect/usual-brokers.js';
import { wholeNumber } from '../frame/duration.js';
import type { CommandFile } from '../frame/frame.js';
import { withJson } from '../frame/options.js';

interface BrokerOptions {
  readonly port: number;
  readonly ws?: number;
}

/** The embedded broker, for development and tests, on this machine only. */
export const broker: CommandFile = {
  declare(command, frame) {
    withJson(command)
      .option('--port <port>', 'MQTT over TCP; 0 for any free port', wholeNumber, 1883)
      .option('--ws <port>', 'MQTT over WebSocket too; 0 for any free port', wholeNumber)
      .action(async ({ port, ws }: BrokerOptions) => {
        const { output, surroundings } = frame;
        await using running = await startDevBroker({ port, webSocketPort: ws, ...EXAMPLE_CREDENTIALS });
        const { url, webSocketUrl } = running;
        await output.result(
          { url, webSocketUrl: webSocketUrl ?? null },
          `${url}\n${webSocketUrl ? `${webSocketUrl}\n` : ''}`,
        );
        output.note(
          'An MQTT 5 broker for development, on this machine only; it keeps nothing. In production use RabbitMQ. Ctrl+C stops it.',
        );
        if (!surroundings.signal.aborted) await once(surroundings.signal, 'abort');
        surroundings.signal.throwIfAborted();
      });
  },
};
