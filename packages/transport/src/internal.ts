// Plumbing that the drivers of this SDK share. It can change in any release: programs and other drivers do without it.
export type { Delivery } from './supervisor/delivery-queue.js';
export { DeliveryQueue } from './supervisor/delivery-queue.js';
export { Fifo } from './supervisor/fifo.js';
