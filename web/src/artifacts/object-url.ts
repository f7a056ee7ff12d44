/** An address of bytes that this tab holds; it is given back when nothing shows them any more. */
import { useEffect, useState } from 'react';

export function useObjectUrl(bytes: Uint8Array<ArrayBuffer> | undefined, type: string): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (bytes === undefined) return;
    const next = URL.createObjectURL(new Blob([bytes], { type }));
    setUrl(next);
    return () => {
      URL.revokeObjectURL(next);
      setUrl(undefined);
    };
  }, [bytes, type]);
  return url;
}
