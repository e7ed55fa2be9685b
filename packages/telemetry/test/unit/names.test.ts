import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { expect, test } from 'vitest';
import { ATTRIBUTE, METRIC } from '../../src/names.js';

test('names are those of the semantic conventions', () => {
  const {
    ATTR_MESSAGING_SYSTEM_NAME: system,
    ATTR_MESSAGING_OPERATION_NAME: operationName,
    ATTR_MESSAGING_OPERATION_TYPE: operationType,
    ATTR_MESSAGING_DESTINATION_NAME: destination,
    ATTR_MESSAGING_MESSAGE_ID: messageId,
    ATTR_MESSAGING_MESSAGE_CONVERSATION_ID: conversationId,
    ATTR_MESSAGING_MESSAGE_BODY_SIZE: bodySize,
    ATTR_ERROR_TYPE: errorType,
    METRIC_MESSAGING_CLIENT_OPERATION_DURATION: sendDuration,
    METRIC_MESSAGING_CLIENT_SENT_MESSAGES: sent,
    METRIC_MESSAGING_PROCESS_DURATION: processDuration,
    METRIC_MESSAGING_CLIENT_CONSUMED_MESSAGES: consumed,
  } = conventions;
  const attributes = {
    system,
    operationName,
    operationType,
    destination,
    messageId,
    conversationId,
    bodySize,
    errorType,
  };
  expect(ATTRIBUTE).toEqual(attributes);
  expect(METRIC).toEqual({ sendDuration, sent, processDuration, consumed });
});
