import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface RegistryStub extends AsyncDisposable {
  readonly url: string;
}

/** A package registry on this machine alone that has one version of one package. */
export async function startRegistryStub(name: string, tarball: string): Promise<RegistryStub> {
  const bytes = readFileSync(tarball);
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const version = '0.0.0';
  const server = createServer(({ url: path }, response) => {
    if (path === `/${name}.tgz`) return response.end(bytes);
    if (path !== `/${name}`) return response.writeHead(404).end('{}');
    const dist = { tarball: `${url}/${name}.tgz`, integrity };
    const manifest = { name, version, bin: { [name]: './dist/bin.js' }, dist };
    const versions = { [version]: manifest };
    return response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
