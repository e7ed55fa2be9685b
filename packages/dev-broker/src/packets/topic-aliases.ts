import { fault, protocolError, Reason } from './reason.js';
import { isValidTopicName } from './topics.js';

/** The aliases that a client set for the topics it publishes to. They last as long as the connection. */
export class IncomingAliases {
  readonly #topics = new Map<number, string>();
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The topic that a PUBLISH means. @throws ProtocolFault when it means none. */
  resolve(alias: number | undefined, topic: string): string {
    if ((topic !== '' || alias === undefined) && !isValidTopicName(topic)) {
      throw fault(Reason.topicNameInvalid, 'A topic is empty or has a wildcard');
    }
    if (alias === undefined) return topic;
    if (alias < 1 || alias > this.#maximum) {
      throw fault(Reason.topicAliasInvalid, `The topic alias ${alias} is not between 1 and ${this.#maximum}`);
    }
    if (topic !== '') this.#topics.set(alias, topic);
    const known = this.#topics.get(alias);
    if (known === undefined) throw protocolError(`The topic alias ${alias} was never given a topic`);
    return known;
  }
}

/** An alias the subscriber already knows replaces the topic; a new one goes beside it. */
export interface OutgoingAlias {
  readonly value: number;
  readonly isNew: boolean;
}

/** Gives aliases to the first topics a client receives, as many as it takes. */
export class OutgoingAliases {
  readonly #aliases = new Map<string, number>();
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  for(topic: string): OutgoingAlias | undefined {
    const known = this.#aliases.get(topic);
    if (known !== undefined) return { value: known, isNew: false };
    if (this.#aliases.size >= this.#maximum) return undefined;
    const value = this.#aliases.size + 1;
    this.#aliases.set(topic, value);
    return { value, isNew: true };
  }

  /** Takes back the alias given last: its packet was not sent. */
  forget(topic: string): void {
    this.#aliases.delete(topic);
  }
}
