export { type Lab, startLab } from './lab.js';
export { LabError } from './lab-error.js';
export type { LabOptions, LabService, LabWiring, PlacedService } from './lab-options.js';
export { mockService } from './mock-service.js';
export type { AskedRequest, EmittedEvent } from './traffic.js';
export type { UntilOptions } from './until-options.js';
