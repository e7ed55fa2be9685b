import type { DirectoryClient } from './directory-client.js';
import { type DirectoryOptions, resolveDirectoryOptions } from './directory-options.js';
import { RunningDirectory } from './running-directory.js';
import type { ServiceDirectory } from './service-directory.js';

/**
 * Which services there are, what they can do, and whether they are there, from now on. Begins at once; after `await directory.ready` nothing is
 * missed. Disturbs nobody: it listens to lifecycle messages, and asks a service only where it says nothing. Ends with `stop()`, with
 * `await using`, with its signal, or with the client. Throws ConfigError with every problem, NOT_CONNECTED before the client's startup.
 */
export function watchServices(client: DirectoryClient, options: DirectoryOptions = {}): ServiceDirectory {
  return new RunningDirectory(client, resolveDirectoryOptions(options));
}
