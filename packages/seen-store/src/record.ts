import type { SeenRequest } from '@intersect-sdk/core';

const LENGTH_BYTES = 4;

/** What is kept of a request: the length of its JSON, the JSON, and the payload of its answer as it is. */
export function encodeRecord({ state, atMs, answer }: SeenRequest, maxAnswerBytes: number): Uint8Array {
  const kept = answer && answer.payload.byteLength <= maxAnswerBytes ? answer : undefined;
  const { payload = new Uint8Array(), ...head } = kept ?? {};
  const json = Buffer.from(JSON.stringify({ state, atMs, ...(kept && { answer: head }) }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, payload]);
}

export function decodeRecord(bytes: Uint8Array): SeenRequest {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = LENGTH_BYTES + buffer.readUInt32BE(0);
  const { state, atMs, answer } = JSON.parse(buffer.toString('utf8', LENGTH_BYTES, end));
  return { state, atMs, answer: answer && { ...answer, payload: new Uint8Array(buffer.subarray(end)) } };
}
