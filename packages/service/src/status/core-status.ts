import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import os from 'node:os';
import { parse } from 'node:path';

/** Figures of this machine and this process; CPU percentages of the time since they were last read (protocol section 7). */
export interface CoreStatus {
  /** How long the process runs, ISO 8601. */
  readonly uptime: string;
  readonly logical_cpus: number;
  /** As many as logical ones where the system doesn't tell. */
  readonly physical_cpus: number;
  /** One for each logical CPU, 0 to 100. */
  readonly cpu_percentages: readonly number[];
  /** Of one CPU; beyond 100 if the process keeps several busy. */
  readonly service_cpu_percentage: number;
  /** In bytes. */
  readonly memory_total: number;
  readonly memory_usage_percentage: number;
  readonly service_memory_percentage: number;
  /** Of the file system of the working directory's root, in bytes; 0 where the system doesn't tell. */
  readonly disk_total: number;
  readonly disk_usage_percentage: number;
}

interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/** Reads the core status. Its CPU percentages cover the time since the reading before, the first since creation. */
export class CoreStatusReader {
  readonly #physicalCpus = countPhysicalCpus();
  #cpus = readCpus();
  #processCpu = process.cpuUsage();
  #processAt = performance.now();

  read(): CoreStatus {
    const disk = readDisk();
    const total = os.totalmem();
    return {
      uptime: isoDuration(process.uptime()),
      logical_cpus: os.cpus().length,
      physical_cpus: this.#physicalCpus,
      cpu_percentages: this.#cpuPercentages(),
      service_cpu_percentage: this.#serviceCpuPercentage(),
      memory_total: total,
      memory_usage_percentage: percent(total - os.freemem(), total),
      service_memory_percentage: percent(process.memoryUsage.rss(), total),
      disk_total: disk.total,
      disk_usage_percentage: disk.usedPercentage,
    };
  }

  #cpuPercentages(): number[] {
    const before = this.#cpus;
    this.#cpus = readCpus();
    return this.#cpus.map(({ busy, total }, index) => {
      const last = before[index] ?? { busy, total };
      return percent(busy - last.busy, total - last.total);
    });
  }

  #serviceCpuPercentage(): number {
    const used = process.cpuUsage(this.#processCpu);
    const now = performance.now();
    const elapsedMs = now - this.#processAt;
    this.#processCpu = process.cpuUsage();
    this.#processAt = now;
    return percent((used.user + used.system) / 1000, elapsedMs);
  }
}

/** ISO 8601, days at most: `P1DT2H3M4.5S`. */
export function isoDuration(seconds: number): string {
  const micros = Math.round(seconds * 1e6);
  const whole = Math.floor(micros / 1e6);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (micros % 6e7) / 1e6;
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest ? `${rest}S` : ''}`;
  const date = days ? `${days}D` : '';
  return date || time ? `P${date}${time ? `T${time}` : ''}` : 'PT0S';
}

function percent(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 1000) / 10 : 0;
}

function readCpus(): CpuTimes[] {
  return os.cpus().map(({ times }) => {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    return { busy: total - times.idle, total };
  });
}

// At once, as all the rest: a reading that waited for the disk would go on while a test's fake timers let ten seconds pass.
function readDisk(): { total: number; usedPercentage: number } {
  try {
    const { blocks, bfree, bavail, bsize } = statfsSync(parse(process.cwd()).root);
    const used = (blocks - bfree) * bsize;
    return { total: blocks * bsize, usedPercentage: percent(used, used + bavail * bsize) };
  } catch {
    // Some sandboxes forbid statfs; the rest of the status is still worth sending.
    return { total: 0, usedPercentage: 0 };
  }
}

// Node names logical processors only. Linux tells which of them share a core; elsewhere each counts as one.
function countPhysicalCpus(): number {
  const base = '/sys/devices/system/cpu';
  try {
    const cores = readdirSync(base)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) =>
        ['physical_package_id', 'core_id']
          .map((file) => readFileSync(`${base}/${name}/topology/${file}`, 'utf8').trim())
          .join('/'),
      );
    if (cores.length > 0) return new Set(cores).size;
  } catch {
    // Not Linux, or no access.
  }
  return os.cpus().length;
}
