import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { host } from './settings.mjs';

/** @typedef {{ username: string, password: string }} Credentials */
/** @typedef {(signal: AbortSignal) => Promise<void>} Probe Rejects with a sentence while the broker doesn't answer. */

const probeTimeoutMs = 5_000;
const retryPauseMs = 150;

/**
 * The broker answers the AMQP 0-9-1 greeting with `connection.start`.
 *
 * @param {string} url
 * @returns {Probe}
 */
export function amqpProbe(url) {
  const greeting = Buffer.from([...Buffer.from('AMQP'), 0, 0, 9, 1]);
  return (signal) =>
    converse(url, { signal, send: greeting, needed: 11 }, (answer) => {
      const isStart = answer[0] === 1 && answer.readUInt16BE(7) === 10 && answer.readUInt16BE(9) === 10;
      return isStart ? undefined : 'the answer is no AMQP 0-9-1 greeting';
    });
}

/**
 * The broker accepts an MQTT 5 connection with these credentials.
 *
 * @param {string} url
 * @param {Credentials} credentials
 * @returns {Probe}
 */
export function mqttProbe(url, credentials) {
  return (signal) =>
    converse(url, { signal, send: mqttConnect(credentials), needed: 4 }, (answer) => {
      if (answer[0] !== 0x20) return 'the answer is no MQTT CONNACK';
      return answer[3] === 0 ? undefined : `the connection is refused with reason code ${answer[3]}`;
    });
}

/**
 * Something accepts connections at a port of this machine.
 *
 * @param {number} port
 * @returns {Probe}
 */
export function portProbe(port) {
  return (signal) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, signal });
      socket.once('connect', () => {
        socket.destroy();
        resolve(undefined);
      });
      socket.once('error', () => reject(new Error(`Nothing accepts connections at port ${port}.`)));
    });
}

/**
 * The broker turns an HTTP connection into a WebSocket that speaks MQTT.
 *
 * @param {string} url
 * @returns {Probe}
 */
export function webSocketProbe(url) {
  const { host, pathname } = new URL(url);
  const request = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: mqtt',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');
  return (signal) =>
    converse(url, { signal, send: Buffer.from(request), needed: 12 }, (answer) =>
      answer.toString('latin1').startsWith('HTTP/1.1 101') ? undefined : 'the upgrade is refused',
    );
}

/**
 * @param {string} url
 * @param {Credentials} credentials
 * @returns {Probe}
 */
export function managementProbe(url, { username, password }) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return async (signal) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]);
    const response = await fetch(new URL('/api/overview', url), {
      headers: { authorization },
      signal: limit,
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url} answers with status ${response.status}.`);
  };
}

/**
 * Something answers a request for this URL with success.
 *
 * @param {URL} url
 * @returns {Probe}
 */
export function healthProbe(url) {
  return async (signal) => {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url} answers with status ${response.status}.`);
  };
}

/**
 * Something speaks HTTP at this URL, whatever it says.
 *
 * @param {URL} url
 * @returns {Probe}
 */
export function httpProbe(url) {
  return async (signal) => {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]),
    });
    await response.arrayBuffer();
  };
}

/**
 * Resolves when every probe has succeeded once.
 *
 * @param {Probe[]} probes
 * @param {{ timeoutMs: number, signal?: AbortSignal }} options
 * @throws Error with the last answer of the probe that failed; at once when the signal aborts.
 */
export async function waitUntilReady(probes, { timeoutMs, signal }) {
  const deadline = AbortSignal.timeout(timeoutMs);
  const limit = signal ? AbortSignal.any([signal, deadline]) : deadline;
  await Promise.all(probes.map((probe) => retry(probe, limit)));
}

/**
 * @param {Probe} probe
 * @param {AbortSignal} limit
 */
async function retry(probe, limit) {
  /** @type {unknown} */
  let answer;
  for (;;) {
    try {
      return await probe(limit);
    } catch (cause) {
      // Once the time is up, a probe can only say so; what it said before tells more.
      if (limit.aborted) throw answer ?? cause;
      answer = cause;
    }
    // A broker tells nobody that it is ready: asking again is all one can do.
    await pause(retryPauseMs, limit);
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} limit
 * @returns {Promise<void>}
 */
function pause(ms, limit) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      limit.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    limit.addEventListener('abort', end);
  });
}

/**
 * Sends some bytes and judges the first bytes that come back.
 *
 * @param {string} url
 * @param {{ signal: AbortSignal, send: Buffer, needed: number }} exchange
 * @param {(answer: Buffer) => string | undefined} judge Says what is wrong.
 * @returns {Promise<void>}
 */
function converse(url, { signal, send, needed }, judge) {
  const { hostname, port } = new URL(url);
  const where = `${hostname}:${port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(send));
    const timer = setTimeout(() => finish(`nothing came within ${probeTimeoutMs} ms`), probeTimeoutMs);
    let answer = Buffer.alloc(0);
    /** @param {string} [problem] */
    const finish = (problem) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      if (problem === undefined) resolve();
      else reject(new Error(`${where} is not ready: ${problem}.`));
    };
    const onAbort = () => finish('the time is up');
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length >= needed) finish(judge(answer));
    });
    socket.on('error', (error) => finish(error.message));
    socket.on('close', () => finish('the connection was closed'));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

/** @param {Credentials} credentials */
function mqttConnect({ username, password }) {
  const cleanStartWithUserAndPassword = 0xc2;
  const keepAliveSeconds = 10;
  const noProperties = 0;
  const body = Buffer.concat([
    mqttString('MQTT'),
    Buffer.from([5, cleanStartWithUserAndPassword, 0, keepAliveSeconds, noProperties]),
    mqttString(`probe-${randomBytes(6).toString('hex')}`),
    mqttString(username),
    mqttString(password),
  ]);
  // One byte says lengths up to 127, two say more.
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([0x10, ...length]), body]);
}

/** @param {string} text */
function mqttString(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
