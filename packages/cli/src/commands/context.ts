import { resolve } from 'node:path';
import { loadClientConfig } from '@intersect-sdk/config';
import { type Context, Contexts, type PasswordSource } from '../connect/contexts.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { withJson } from '../frame/options.js';
import { UsageError } from '../outcome/usage-error.js';

interface AddOptions {
  readonly broker?: string;
  readonly config?: string;
  readonly username?: string;
  readonly passwordVariable?: string;
  readonly passwordCommand?: string;
}

/** Brokers by name. A context never holds a secret. */
export const context: CommandFile = {
  declare(command, frame) {
    const contexts = new Contexts(frame.surroundings.env);
    withJson(command.command('add'))
      .description(
        'Remembers a broker, or a configuration file, by a name. Never a password: only where it is found.',
      )
      .argument('<name>')
      .option('--broker <url>', 'mqtt://host:1883, amqp://host:5672/vhost, and mqtts, amqps, ws, wss')
      .option('--config <file>', 'a configuration file instead, JSON or YAML')
      .option('--username <name>', 'who asks')
      .option('--password-variable <name>', 'the variable of the environment that has the password')
      .option('--password-command <command>', 'a command whose first line is the password')
      .action(async (name: string, options: AddOptions) => {
        const made = await contextOf(options);
        await contexts.add(name, made);
        const isFirst = (await contexts.current()) === undefined;
        if (isFirst) await contexts.use(name);
        await frame.output.result({ context: name, ...made, inUse: isFirst }, '');
        frame.output.note(
          isFirst
            ? `The context ${name} is made and in use.`
            : `The context ${name} is made. \`intersect context use ${name}\` uses it.`,
        );
      });
    withJson(command.command('use'))
      .description('Uses a context from now on, unless --context or the environment says something else.')
      .argument('<name>')
      .action(async (name: string) => {
        await contexts.use(name);
        await frame.output.result({ context: name, inUse: true }, '');
        frame.output.note(`The context ${name} is in use.`);
      });
    withJson(command.command('list'))
      .description('All contexts; the one in use is marked.')
      .action(() => list(contexts, frame));
  },
};

async function contextOf(options: AddOptions): Promise<Context> {
  const { broker, config, username, passwordVariable, passwordCommand } = options;
  if ((broker === undefined) === (config === undefined))
    throw new UsageError('Give --broker or --config, one of them');
  if (config !== undefined) {
    if (username !== undefined || passwordVariable !== undefined || passwordCommand !== undefined) {
      throw new UsageError('With --config the file says who asks; leave the other options out');
    }
    await loadClientConfig(config, { env: {} });
    return { config: resolve(config) };
  }
  if (/^[a-z]+:\/\/[^/@]*:[^/@]*@/i.test(broker ?? '')) {
    throw new UsageError(
      'The URL has a password, which a context never holds: leave it out, and say where it is found with --password-variable or --password-command',
    );
  }
  if (passwordVariable !== undefined && passwordCommand !== undefined) {
    throw new UsageError('Give --password-variable or --password-command, one of them');
  }
  const password = passwordSourceOf(options);
  // Only to find what is wrong with the URL; the user and password stand for those that come later.
  await loadClientConfig(
    { brokers: [{ username: username ?? 'someone', password: 'something' }] },
    { env: { INTERSECT_BROKER_URL: broker } },
  );
  return {
    broker: broker ?? '',
    ...(username !== undefined && { username }),
    ...(password && { password }),
  };
}

function passwordSourceOf({ passwordVariable, passwordCommand }: AddOptions): PasswordSource | undefined {
  if (passwordVariable !== undefined) return { variable: passwordVariable };
  return passwordCommand === undefined ? undefined : { command: passwordCommand };
}

async function list(contexts: Contexts, { output }: Frame): Promise<void> {
  const current = await contexts.current();
  const found: { name: string; inUse: boolean; context: Context }[] = [];
  for (const name of await contexts.names()) {
    found.push({ name, inUse: name === current, context: await contexts.read(name) });
  }
  const lines = found.map(({ name, inUse, context }) => {
    const where = 'config' in context ? context.config : context.broker;
    return `${inUse ? '*' : ' '} ${name}\t${where}\n`;
  });
  await output.result(
    { contexts: found.map(({ context, ...about }) => ({ ...about, ...context })) },
    lines.join(''),
  );
  if (found.length === 0)
    output.note('There is no context. Make one with `intersect context add NAME --broker mqtt://HOST`.');
}
