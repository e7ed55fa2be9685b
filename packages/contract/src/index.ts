export type { Static, TSchema } from 'typebox';
export { Type } from 'typebox';
export type { BinaryOptions, TBinary } from './declare/binary.js';
export { Binary } from './declare/binary.js';
export type { NotAnOptionOf, ValueOf } from './declare/define-capability.js';
export { defineCapability } from './declare/define-capability.js';
export type { StreamedHandler } from './declare/streamed.js';
export { streamed } from './declare/streamed.js';
