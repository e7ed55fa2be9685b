import type { ItemStream } from '@intersect-sdk/core/internal';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import { checkDoorCall, type GivenCall, operationOf } from './door-call.js';
import type { DoorPlace } from './door-environment.js';
import { judge } from './verdict.js';

/** Calls an operation whose answer is a stream by its contract. Each item is judged as an answer is. */
export function callForItems(given: GivenCall, place: DoorPlace): ItemStream<unknown> {
  const declared = operationOf(given.operation, place);
  const { call, check } = checkDoorCall(given, declared, place);
  const { address: source, observers, unchecked } = place;
  const { operation } = call.request;
  const { item: contract } = declared;
  return inspected(place.asker.sendForItems(call), (payload, number) => {
    judge(
      {
        part: 'answer',
        arrived: { payload, contentType: DEFAULT_CONTENT_TYPE },
        contract,
        what: `Item ${number} of the answer of ${source} to ${operation}`,
        about: { operation, source },
      },
      { check, observers, unchecked },
    );
  });
}

/** The stream, where `inspect` sees each item before its reader does. What it throws ends the stream. */
function inspected(
  stream: ItemStream<unknown>,
  inspect: (item: unknown, number: number) => void,
): ItemStream<unknown> {
  let number = 0;
  return {
    async next() {
      const result = await stream.next();
      if (result.done) return result;
      try {
        inspect(result.value, number++);
      } catch (error) {
        await stream.return();
        throw error;
      }
      return result;
    },
    return: () => stream.return(),
    toArray() {
      return allOf(this);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
  };
}

async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
