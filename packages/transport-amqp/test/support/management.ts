import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';

/** Asks RabbitMQ's management; `request` is like `PUT users/name`. */
export async function manage(
  { managementUrl, username, password }: RabbitmqEndpoints,
  request: string,
  body?: object,
): Promise<unknown> {
  const [method = 'GET', path = ''] = request.split(' ');
  const response = await fetch(new URL(`/api/${path}`, managementUrl), {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: body ? JSON.stringify(body) : null,
  });
  if (!response.ok) throw new Error(`${request}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}
