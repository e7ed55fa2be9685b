/** A broker that could not be had on this machine, and why, as a sentence. */
export interface Unavailable {
  readonly what: 'rabbitmq' | 'mosquitto' | 's3' | 'minio';
  readonly reason: string;
}

/** Addresses without credentials; the credentials stand beside them. */
export interface RabbitmqEndpoints {
  readonly amqpUrl: string;
  readonly mqttUrl: string;
  readonly webSocketUrl: string;
  readonly managementUrl: string;
  readonly username: string;
  readonly password: string;
}

export interface MosquittoEndpoints {
  readonly mqttUrl: string;
  /** Missing only where the environment names a mosquitto. */
  readonly webSocketUrl?: string | undefined;
  readonly username: string;
  readonly password: string;
}

/** The servers of data that are built here, and in which version. */
export const storePrograms: Readonly<
  Record<'s3' | 'minio', { readonly title: string; readonly version: string }>
>;

/** A store of data that speaks S3, and who may do everything there. */
export interface StoreEndpoints {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/**
 * A broker that can be ended and started again, with the same data and ports.
 * Each of these rejects for a broker that the environment names: it belongs to somebody else.
 */
export interface BrokerControl {
  /** The broker's own process while it runs; undefined where the machine can't see it. */
  readonly pid: number | undefined;
  /** Whether this broker may be ended: false when the environment names it. */
  readonly ours: boolean;
  /** Ends it as a crash would (SIGKILL). Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Lets it shut down in order; its data stay. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** Starts it again after `kill` or `stop`. Resolves when it answers on all its ports. */
  start(): Promise<void>;
  /** `stop`, then `start`. */
  restart(): Promise<void>;
}

export interface RabbitmqHandle extends RabbitmqEndpoints, BrokerControl {
  /** Ports with TLS on 127.0.0.1, where `tls` was asked for. */
  readonly amqpsPort?: number;
  readonly mqttsPort?: number;
  /** Runs `rabbitmqctl` with these arguments beside the broker; resolves with what it wrote. */
  rabbitmqctl(...args: string[]): Promise<string>;
}
export interface MosquittoHandle extends MosquittoEndpoints, BrokerControl {}
export interface StoreHandle extends StoreEndpoints, BrokerControl {}

/** What RabbitMQ shows to its clients, and whose certificates it demands of them. All of it is PEM. */
export interface RabbitmqTls {
  /** Signed the certificates of clients. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface StartBrokersOptions {
  readonly rabbitmq?: boolean;
  readonly mosquitto?: boolean;
  /** A store of data: versitygw, where it is on this machine or there is Docker. It is never built here. */
  readonly s3?: boolean;
  /** A store of data that is MinIO, where it is on this machine. It is never built here. */
  readonly minio?: boolean;
  /** For tests that end brokers: never take one that the environment names. Default false. */
  readonly ours?: boolean;
  /** An own RabbitMQ that also listens with TLS; only a client with a certificate may connect there. */
  readonly tls?: RabbitmqTls;
  /** Told what takes long, as sentences. */
  readonly onProgress?: (sentence: string) => void;
}

export interface BrokerSet extends AsyncDisposable {
  readonly rabbitmq?: RabbitmqHandle;
  readonly mosquitto?: MosquittoHandle;
  readonly s3?: StoreHandle;
  readonly minio?: StoreHandle;
  /** What was asked for and could not be had. */
  readonly unavailable: readonly Unavailable[];
  /** Ends the brokers that were started and removes their data. Never rejects for a broker that is gone already. */
  stop(): Promise<void>;
}

/**
 * Gets brokers for one run of tests: those that the environment names, else own ones on free loopback ports with
 * empty data, so that any number of runs can go side by side. They end with this process, however it ends.
 *
 * Names in the environment: `INTERSECT_RABBITMQ_AMQP_URL` and `INTERSECT_RABBITMQ_MQTT_URL` (both), with
 * `INTERSECT_RABBITMQ_WS_URL` and `INTERSECT_RABBITMQ_MANAGEMENT_URL` if they aren't on the usual ports of the same
 * host; `INTERSECT_MOSQUITTO_URL`; `INTERSECT_S3_URL` and `INTERSECT_MINIO_URL`. Credentials stand in the URLs of AMQP, mosquitto and stores,
 * default those of `compose.yaml`.
 *
 * A broker that can't be had is listed in `unavailable`. One that is there but doesn't come up throws, with the end of
 * its log.
 */
export function startBrokers(options: StartBrokersOptions): Promise<BrokerSet>;

export interface QueueInfo {
  readonly name: string;
  /** May be a second old. */
  readonly messages: number;
  /** `classic`, `quorum`, `stream` or `MQTT QoS 0`. */
  readonly type: string;
  readonly durable: boolean;
  readonly exclusive: boolean;
  readonly autoDelete: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The queues of virtual host `/`: those of MQTT sessions too. A queue is listed as soon as it is declared. */
export function listQueues(rabbitmq: RabbitmqEndpoints): Promise<QueueInfo[]>;

export interface ConnectionInfo {
  readonly name: string;
  /** As the client called itself: AMQP `connection_name`, or MQTT client id. */
  readonly clientName: string | undefined;
  readonly protocol: string;
}

/** The open connections. The broker lists a new one some seconds late. */
export function listConnections(rabbitmq: RabbitmqEndpoints): Promise<ConnectionInfo[]>;

/** Makes the broker close a connection, as an operator would. Resolves when it is told; a connection that is gone is fine. */
export function closeConnection(rabbitmq: RabbitmqEndpoints, name: string): Promise<void>;
