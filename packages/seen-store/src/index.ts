export type { SeenRequest, SeenStore } from '@intersect-sdk/core';
export type { SeenStoreOptions } from './options.js';
export { seenStore } from './seen-store.js';
