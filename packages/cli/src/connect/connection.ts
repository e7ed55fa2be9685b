import { type LoadedClientConfig, loadClientConfig } from '@intersect-sdk/config';
import { TransportError } from '@intersect-sdk/core';
import type { BrokerChoice } from '../frame/options.js';
import type { Surroundings } from '../frame/surroundings.js';
import { UsageError } from '../outcome/usage-error.js';
import { type Context, Contexts } from './contexts.js';
import { passwordFrom } from './password.js';
import { brokersOfThisMachine, EXAMPLE_CREDENTIALS, USUAL_BROKERS } from './usual-brokers.js';

/** The brokers to use, and what else the configuration has. */
export interface Connection {
  readonly config: LoadedClientConfig;
  /** Where this was found, for a sentence: `the context lab`. */
  readonly from: string;
}

type Around = Pick<Surroundings, 'env' | 'signal'>;

const BROKER_VARIABLE = /^INTERSECT_BROKER_/;
const NO_BROKER = `No broker is configured, and none runs on this machine at ${USUAL_BROKERS.map(
  ({ port }) => port,
).join(
  ' or ',
)}: start one with \`intersect broker\`, or name yours with \`intersect context add NAME --broker mqtt://HOST\``;

/**
 * Which brokers a command uses: what its options say, else the environment, else the context in use, else brokers that run on
 * this machine. Throws ConfigError for what can't be used, and CONNECT_REFUSED where there is none.
 */
export async function connectionFor(choice: BrokerChoice, around: Around): Promise<Connection> {
  const { broker, config, context } = choice;
  if ([broker, config, context].filter((given) => given !== undefined).length > 1) {
    throw new UsageError(
      '--broker, --config and --context say the same thing in three ways: give one of them',
    );
  }
  const { env } = around;
  if (broker !== undefined) return { config: await fromUrl(broker, env), from: '--broker' };
  if (config !== undefined) return { config: await loadClientConfig(config, { env: {} }), from: config };
  const contexts = new Contexts(env);
  if (context !== undefined) return fromContext(contexts, context, around);
  if (Object.entries(env).some(([name, value]) => BROKER_VARIABLE.test(name) && value)) {
    const source = { brokers: [] };
    return {
      config: await loadClientConfig(source, { env }),
      from: 'the environment (INTERSECT_BROKER_...)',
    };
  }
  const current = env.INTERSECT_CONTEXT || (await contexts.current());
  if (current !== undefined) return fromContext(contexts, current, around);
  return fromThisMachine();
}

async function fromContext(contexts: Contexts, name: string, around: Around): Promise<Connection> {
  const context = await contexts.read(name);
  return { config: await configOf(context, around), from: `the context ${name}` };
}

/** What a context stands for. */
async function configOf(context: Context, around: Around): Promise<LoadedClientConfig> {
  if ('config' in context) return loadClientConfig(context.config, { env: {} });
  const { broker, username, password } = context;
  return fromUrl(broker, {
    ...(username !== undefined && { INTERSECT_BROKER_USERNAME: username }),
    ...(password !== undefined && { INTERSECT_BROKER_PASSWORD: await passwordFrom(password, around) }),
  });
}

/** A URL may leave out who asks: the environment says that, else it is who may do everything at a broker for development. */
async function fromUrl(url: string, env: Surroundings['env']): Promise<LoadedClientConfig> {
  const { INTERSECT_BROKER_USERNAME, INTERSECT_BROKER_PASSWORD } = env;
  // What the URL itself says of the user goes before the variables.
  const hasUser = /^[a-z]+:\/\/[^/@]*@/i.test(url);
  return loadClientConfig(
    { brokers: [EXAMPLE_CREDENTIALS] },
    {
      env: {
        INTERSECT_BROKER_URL: url,
        ...(!hasUser && { INTERSECT_BROKER_USERNAME, INTERSECT_BROKER_PASSWORD }),
      },
    },
  );
}

async function fromThisMachine(): Promise<Connection> {
  const found = await brokersOfThisMachine();
  if (found.length === 0) throw new TransportError('CONNECT_REFUSED', NO_BROKER);
  const brokers = found.map((broker) => ({ ...broker, ...EXAMPLE_CREDENTIALS }));
  return { config: await loadClientConfig({ brokers }, { env: {} }), from: 'this machine' };
}
