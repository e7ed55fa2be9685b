import { connect } from 'node:net';

/** Who may do everything at a broker that was set up for development, as all examples of INTERSECT have it. */
export const EXAMPLE_CREDENTIALS = {
  username: 'intersect_username',
  password: 'intersect_password',
} as const;

/** Where brokers listen on this machine unless somebody moved them. */
export const USUAL_BROKERS = [
  { protocol: 'mqtt5.0', port: 1883 },
  { protocol: 'amqp0.9.1', port: 5672 },
] as const;

export type UsualBroker = (typeof USUAL_BROKERS)[number];

const ANSWER_MS = 500;

/** The brokers of this machine: those whose usual ports take connections. */
export async function brokersOfThisMachine(
  candidates: readonly {
    readonly protocol: UsualBroker['protocol'];
    readonly port: number;
  }[] = USUAL_BROKERS,
): Promise<typeof candidates> {
  const found = await Promise.all(candidates.map(({ port }) => isOpen(port)));
  return candidates.filter((_, index) => found[index]);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: ANSWER_MS });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true));
    socket.once('timeout', end(false));
    socket.once('error', end(false));
  });
}
