import type { Issue } from '@intersect-sdk/core';
import { argumentSentence, didYouMean, isContentType } from '@intersect-sdk/core/internal';

const LONGEST_NAME = 100;
const OPERATION = /^[\w.-]{1,100}$/;

/**
 * Every text that a caller can get instead of an answer, a `CapabilityError`'s own text excepted.
 * None repeats what the caller sent, names apart that can't forge anything, and none tells what happened inside the service.
 */
export const SENTENCES = {
  versionIncompatible: (ours: string): string =>
    `This service speaks INTERSECT protocol ${ours}, which is not compatible with the version of the request.`,
  dataHandlerUnknown: (): string => 'This service does not know the data handler of the request.',
  operationUnknown: (operation: string, known: readonly string[]): string => {
    const name = OPERATION.test(operation) ? operation : 'of that name';
    const meant = didYouMean(operation, known);
    return `This service has no operation ${name}; ${meant || "the service's schema lists what it offers."}`;
  },
  contentType: (operation: string, contentType: string, given: string): string =>
    [
      `Operation ${operation} takes ${contentType};`,
      `the request came with ${isContentType(given) && given.length <= LONGEST_NAME ? given : 'another content type'}.`,
    ].join(' '),
  payloadTooLarge: (operation: string, limit: number): string =>
    `The argument of operation ${operation} is larger than the ${limit} bytes that this service takes; send it through a data store.`,
  dataTooLarge: (operation: string, limit: number): string =>
    `The argument of operation ${operation} is larger than the ${limit} bytes that this service takes from a data store.`,
  blocked: (operation: string): string => `Operation ${operation} is blocked at the moment.`,
  dataNotFetched: (): string => "The request's data could not be fetched from the data store.",
  argumentsNotJson: (operation: string): string =>
    `The argument of operation ${operation} is not valid JSON in UTF-8.`,
  argumentsInvalid: (operation: string, issues: readonly Issue[]): string =>
    argumentSentence(operation, issues),
  failed: (operation: string): string => `Operation ${operation} failed inside the service.`,
  stopping: (operation: string): string =>
    `Operation ${operation} was ended because the service is stopping; ask again later.`,
  cancelled: (operation: string): string => `Operation ${operation} was cancelled by its caller.`,
  timeLimit: (operation: string, timeLimitMs: number): string =>
    `Operation ${operation} did not end within its time limit of ${timeLimitMs} ms.`,
  dataNotStored: (): string => 'The answer could not be put into the data store.',
  tooLarge: (operation: string): string =>
    [
      `The answer of operation ${operation} is larger than the message broker accepts; ask for less, or`,
      "ask the service's owner to send it through a data store.",
    ].join(' '),
  tooLargeAsList: (operation: string, limit: number): string =>
    [
      `The answer of operation ${operation} is a list of more than ${limit} bytes, which this service does not gather;`,
      'ask for less, or take it as a stream.',
    ].join(' '),
  itemTooLarge: (operation: string): string =>
    `An item of the answer of operation ${operation} is larger than the message broker accepts.`,
  answerForgotten: (): string =>
    'This message was answered before and its answer is no longer kept; send a new request.',
} as const;
