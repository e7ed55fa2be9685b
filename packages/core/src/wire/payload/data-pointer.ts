import { type Issue, MessageError } from '../../errors/errors.js';
import { FieldReader } from '../../plumbing/field-reader.js';
import { DEFAULT_CONTENT_TYPE } from '../names.js';
import { decodePayload, encodePayload } from './payload.js';

/** Where the payload of a message with data handler MINIO is kept (protocol section 8). */
export interface DataPointer {
  /** The URL of the store, to be matched exactly against the stores that the reader knows. */
  readonly url: string;
  readonly bucket: string;
  readonly objectId: string;
}

/** Reads the payload of a message whose data handler is MINIO. Throws MessageError PAYLOAD_INVALID with every problem. */
export function parseDataPointer(payload: Uint8Array): DataPointer {
  const issues: Issue[] = [];
  const reader = new FieldReader(decodePayload(payload, DEFAULT_CONTENT_TYPE), issues);
  const pointer: DataPointer = {
    url: reader.requiredText('minio_url', { minLength: 1 }),
    bucket: reader.requiredText('minio_bucket', { minLength: 1 }),
    objectId: reader.requiredText('minio_object_id', { minLength: 1 }),
  };
  if (issues.length > 0) {
    throw new MessageError('PAYLOAD_INVALID', 'The pointer to the payload cannot be read', { issues });
  }
  return pointer;
}

/** The payload of a message whose data handler is MINIO. */
export function encodeDataPointer(pointer: DataPointer): Uint8Array {
  return encodePayload(
    { minio_url: pointer.url, minio_bucket: pointer.bucket, minio_object_id: pointer.objectId },
    DEFAULT_CONTENT_TYPE,
  );
}
