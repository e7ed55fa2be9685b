import type { RabbitmqHandle } from './brokers.mjs';

export interface StartClusterOptions {
  /** Told what takes long, as sentences. */
  readonly onProgress?: (sentence: string) => void;
  /** Lines for the `rabbitmq.conf` of each node, beside those that all brokers here have. */
  readonly settings?: readonly string[];
}

/** Three RabbitMQ nodes that know each other, each with ports of its own on 127.0.0.1. */
export interface RabbitmqCluster extends AsyncDisposable {
  readonly nodes: readonly RabbitmqHandle[];
  readonly unavailable?: undefined;
  /** Ends the nodes and removes their data. */
  stop(): Promise<void>;
}

/** Why this machine can't have a cluster, as a sentence. */
export interface NoCluster {
  readonly nodes?: undefined;
  readonly unavailable: string;
}

/**
 * Starts a cluster of an own, on free ports and with empty data: never one that the environment names. It takes about half a minute, and
 * ends with this process, however that ends. Each node can be killed and started again. One that doesn't come up throws, with
 * the end of its log.
 */
export function startRabbitmqCluster(options?: StartClusterOptions): Promise<RabbitmqCluster | NoCluster>;
