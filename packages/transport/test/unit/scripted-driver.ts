import type { TransportError, WireMessage } from '@intersect-sdk/core';
import type {
  Link,
  LinkEvents,
  LinkPublishOptions,
  PublishOutcome,
  SubscriptionSpec,
  TransportDriver,
} from '../../src/index.js';

interface Publish {
  readonly message: WireMessage;
  readonly durable: boolean;
  readonly expiresAfterMs: number | undefined;
  readonly original: WireMessage | undefined;
  confirm(outcome?: PublishOutcome): void;
  refuse(error: unknown): void;
}

/** A link that does nothing on its own: the test confirms, refuses and cuts. */
export class ScriptedLink implements Link {
  readonly published: Publish[] = [];
  readonly subscribed: SubscriptionSpec[] = [];
  readonly unsubscribed: SubscriptionSpec[] = [];
  readonly log: string[];
  closed = false;
  destroyed = false;
  maxPayloadBytes: number | undefined;
  /** What the next subscribe does instead of confirming. */
  onSubscribe: (spec: SubscriptionSpec) => Promise<void> = () => Promise.resolve();
  readonly events: LinkEvents;

  constructor(events: LinkEvents, log: string[]) {
    this.events = events;
    this.log = log;
  }

  publish(
    message: WireMessage,
    { durable, expiresAfterMs, original }: LinkPublishOptions,
  ): Promise<PublishOutcome> {
    this.log.push(`publish ${message.channel}`);
    return new Promise((resolve, reject) => {
      const confirm = (outcome: PublishOutcome = { routed: 'yes' }): void => resolve(outcome);
      this.published.push({ message, durable, expiresAfterMs, original, confirm, refuse: reject });
    });
  }

  async subscribe(spec: SubscriptionSpec): Promise<void> {
    await this.onSubscribe(spec);
    this.log.push(`subscribe ${spec.channel}`);
    this.subscribed.push(spec);
  }

  async unsubscribe(spec: SubscriptionSpec): Promise<void> {
    this.unsubscribed.push(spec);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

/** A driver whose links the test holds in its hands. `answers` says what each open does, in turn; then it succeeds. */
export class ScriptedDriver implements TransportDriver {
  readonly name = 'scripted';
  readonly capabilities = {
    headers: 'native',
    acknowledge: 'after-handler',
    publishConfirm: true,
    reportsUnroutable: true,
    durable: true,
  } as const;
  readonly links: ScriptedLink[] = [];
  readonly log: string[] = [];
  readonly answers: (TransportError | Promise<void>)[] = [];
  opens = 0;
  prepareLink: (link: ScriptedLink) => void = () => {};

  async open(events: LinkEvents, { signal }: { readonly signal: AbortSignal }): Promise<ScriptedLink> {
    this.opens++;
    const answer = this.answers.shift();
    if (answer instanceof Promise) {
      await Promise.race([
        answer,
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      ]);
    } else if (answer !== undefined) {
      throw answer;
    }
    const link = new ScriptedLink(events, this.log);
    this.prepareLink(link);
    this.links.push(link);
    this.log.push('open');
    return link;
  }

  get link(): ScriptedLink {
    const link = this.links.at(-1);
    if (!link) throw new Error('no link was opened');
    return link;
  }
}
