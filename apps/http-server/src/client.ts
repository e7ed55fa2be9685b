// Asks the same program over INTERSECT and over HTTP; the HTTP request also causes an event.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { addressOf } from '@intersect-sdk/core';
import { FastapiSample, HIERARCHY, type Output } from './contract.js';

const url = process.env.SERVER_URL ?? 'http://127.0.0.1:8000';
const input = { param_1: 13.37, param_2: 42_069, param_3: 42 };

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

const client = new IntersectClient({ brokers });
await client.startup();
try {
  const sample = client.capability(FastapiSample, addressOf(HIERARCHY));
  const events = sample.$events('fastapi_event');
  await events.ready;

  const answer = await sample.intersect_request(input);
  console.log(answer.message);

  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  console.log(((await response.json()) as Output).message);

  for await (const { payload } of events) {
    console.log(payload.message);
    break;
  }
} finally {
  await client.shutdown();
}
