import type {
  DescribedService,
  DescribeOptions,
  MessageStream,
  Ping,
  PingOptions,
  WatchOptions,
} from '@intersect-sdk/messaging';

/** What a directory needs of a client; `IntersectClient` has it. */
export interface DirectoryClient {
  watchMessages(options: WatchOptions): MessageStream;
  ping(address: string, options: PingOptions): Promise<Ping>;
  describe(address: string, options: DescribeOptions): Promise<DescribedService>;
}
