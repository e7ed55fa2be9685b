// The data store that both programs know: that of INTERSECT_S3_URL, or what `npm run brokers -- up` starts.
import { s3Store } from '@intersect-sdk/data-store-s3';

const { origin, username, password } = new URL(
  process.env.INTERSECT_S3_URL ?? 'http://intersect_username:intersect_password@127.0.0.1:7070',
);

export const dataStores = [
  s3Store({
    url: origin,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
  }),
];
