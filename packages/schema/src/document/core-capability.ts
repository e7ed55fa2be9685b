import { RESERVED_CAPABILITY } from '@intersect-sdk/core/internal';
import type { CapabilityInput } from './service-input.js';

const integer = (title: string) => ({ type: 'integer', title });
const percentage = (title: string) => ({ type: 'number', title });

const properties = {
  uptime: { type: 'string', format: 'duration', title: 'Uptime' },
  logical_cpus: integer('Logical CPUs'),
  physical_cpus: integer('Physical CPUs'),
  cpu_percentages: { type: 'array', items: { type: 'number' }, title: 'CPU Percentages' },
  service_cpu_percentage: percentage('Service CPU Usage Percentage'),
  memory_total: integer('Memory Total'),
  memory_usage_percentage: percentage('Memory Usage Percentage'),
  service_memory_percentage: percentage('Service Memory Usage Percentage'),
  disk_total: integer('Disk Total'),
  disk_usage_percentage: percentage('Disk Usage Percentage'),
};

/** The status that every service gives of its machine and its process, as `intersect_sdk` (protocol section 7). */
export const CORE_STATUS_SCHEMA = {
  $id: 'IntersectCoreStatus',
  title: 'IntersectCoreStatus',
  type: 'object',
  properties,
  required: Object.keys(properties),
} as const;

/** The capability that every service has, and that stands first in its document. */
export const CORE_CAPABILITY: CapabilityInput = { name: RESERVED_CAPABILITY, status: CORE_STATUS_SCHEMA };
