// The data store, as a configuration file would name it: that of INTERSECT_S3_URL, or a MinIO on this machine as the Python example has it.
const { origin, username, password } = new URL(
  process.env.INTERSECT_S3_URL ??
    'http://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY@127.0.0.1:9000',
);

export const dataStores = {
  minio: [{ host: origin, username: decodeURIComponent(username), password: decodeURIComponent(password) }],
};
