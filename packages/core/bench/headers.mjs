// How many header checks in a second of processor time? `npx tsup && node bench/headers.mjs` in this package. Aim: 500,000 or more.
import { newId, nowIso, parseEventHeaders, parseUserspaceHeaders } from '@intersect-sdk/core';

const ROUNDS = 300_000;
const sources = Array.from({ length: 512 }, () => ({
  message_id: newId(),
  campaign_id: newId(),
  request_id: newId(),
  source: `my-org.my-facility.my-system.-.tmp-${newId()}`,
  destination: 'my-org.my-facility.my-system.my-subsystem.my-service',
  created_at: nowIso(),
  sdk_version: '0.9.6',
  operation_id: 'Capability.operation',
  data_handler: 'MESSAGE',
  has_error: 'false',
  capability_name: 'Capability',
  event_name: 'event',
}));

function measure(name, parse) {
  const rates = [];
  for (let run = 0; run < 7; run++) {
    // Time of this process and not of the clock, so that a busy machine does not change the figure.
    const start = process.cpuUsage();
    let sum = 0;
    for (let i = 0; i < ROUNDS; i++) sum += parse(sources[i % sources.length]).source.length;
    if (sum === 0) throw new Error('nothing was parsed');
    const { user, system } = process.cpuUsage(start);
    rates.push(ROUNDS / ((user + system) / 1_000_000));
  }
  rates.sort((a, b) => a - b);
  console.log(
    `${name}: median ${Math.round(rates[3])}/s, best ${Math.round(rates[6])}/s, worst ${Math.round(rates[0])}/s`,
  );
}

measure('userspace headers', parseUserspaceHeaders);
measure('event headers', parseEventHeaders);
