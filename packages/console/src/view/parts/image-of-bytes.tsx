import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface ImageOfBytesProps {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly alt: string;
}

/** An image from memory. */
export function ImageOfBytes({ bytes, contentType, alt }: ImageOfBytesProps): JSX.Element | null {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes as BlobPart], { type: contentType }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, contentType]);
  return url === undefined ? null : <img class="picture" src={url} alt={alt} />;
}
