// An object's extension is for people who look into the bucket; programs go by the content type. These are as Python's
// `mimetypes` has them, but for formats that it does not know and laboratories use.
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/gzip': '.gz',
  'application/json': '.json',
  'application/octet-stream': '.bin',
  'application/pdf': '.pdf',
  'application/vnd.apache.parquet': '.parquet',
  'application/x-hdf': '.hdf',
  'application/x-hdf5': '.h5',
  'application/x-ndjson': '.ndjson',
  'application/x-netcdf': '.nc',
  'application/x-tar': '.tar',
  'application/xml': '.xml',
  'application/yaml': '.yaml',
  'application/zip': '.zip',
  'audio/flac': '.flac',
  'audio/mpeg': '.mp3',
  'audio/wav': '.wav',
  'image/avif': '.avif',
  'image/bmp': '.bmp',
  'image/fits': '.fits',
  'image/gif': '.gif',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/svg+xml': '.svg',
  'image/tiff': '.tiff',
  'image/webp': '.webp',
  'text/csv': '.csv',
  'text/html': '.html',
  'text/markdown': '.md',
  'text/plain': '.txt',
  'text/tab-separated-values': '.tsv',
  'text/xml': '.xml',
  'video/mp4': '.mp4',
  'video/mpeg': '.mpeg',
  'video/quicktime': '.mov',
  'video/webm': '.webm',
};

/** The extension of a content type with its dot, or nothing where none is known. */
export function extensionOf(contentType: string): string {
  return Object.hasOwn(EXTENSIONS, contentType) ? (EXTENSIONS[contentType] ?? '') : '';
}
