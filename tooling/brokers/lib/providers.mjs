import { debianProvider, debianRootProblem } from './provider-debian.mjs';
import { dockerProblem, dockerProvider } from './provider-docker.mjs';

/**
 * @typedef {Awaited<ReturnType<typeof debianProvider>> | Awaited<ReturnType<typeof dockerProvider>>} Provider
 * @typedef {ReturnType<Provider['rabbitmq']>} BrokerProcess
 */

/**
 * The first way to run brokers on this machine: Docker where an engine answers, else packages on Debian as root.
 *
 * @param {(sentence: string) => void} onProgress
 * @returns {Promise<{ provider: Provider } | { reason: string }>}
 */
export async function chooseProvider(onProgress) {
  const docker = await attempt(dockerProblem, () => dockerProvider(onProgress));
  if ('provider' in docker) return docker;
  const debian = await attempt(debianRootProblem, () => debianProvider(onProgress));
  if ('provider' in debian) return debian;
  return { reason: `${docker.reason}, and ${debian.reason}` };
}

/**
 * @param {() => Promise<string | undefined>} problem
 * @param {() => Promise<Provider>} make
 * @returns {Promise<{ provider: Provider } | { reason: string }>}
 */
async function attempt(problem, make) {
  const reason = await problem();
  if (reason !== undefined) return { reason };
  try {
    return { provider: await make() };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
