export type { Telemetry, TelemetryOptions } from './telemetry.js';
export { telemetry } from './telemetry.js';
