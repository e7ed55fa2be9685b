import type { Command } from 'commander';
import { durationMs } from './duration.js';

/** Where a command finds its brokers, as options say it. */
export interface BrokerChoice {
  readonly broker?: string;
  readonly context?: string;
  readonly config?: string;
  /** How long its requests wait that say nothing else. */
  readonly requestTimeoutMs?: number;
}

/** What each command has. It is read before the others, so that a fault of the words is told as an object too. */
export function withJson(command: Command): Command {
  return command.option('--json', 'one JSON object for each outcome, also for a failure');
}

/** What each command has that speaks to a broker. */
export function withBroker(command: Command): Command {
  return withJson(command)
    .option('--context <name>', 'a context, as made by `intersect context add`')
    .option('--broker <url>', 'a broker: mqtt://host, amqp://host, and mqtts, amqps, ws, wss')
    .option('--config <file>', 'a configuration file, JSON or YAML');
}

/** How long to wait. */
export function withTimeout(command: Command, preset: string): Command {
  return command.option('--timeout <time>', 'how long to wait', durationMs, durationMs(preset));
}
