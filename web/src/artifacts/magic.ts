/** The first bytes by which formats make themselves known, and the size a picture says it has. */

interface Magic {
  readonly kind: 'image' | 'parquet' | 'binary';
  readonly type: string;
  readonly mime?: string;
}

const signatures: readonly (readonly [bytes: readonly (number | null)[], magic: Magic])[] = [
  [[0x89, 0x50, 0x4e, 0x47], { kind: 'image', type: 'PNG image', mime: 'image/png' }],
  [[0xff, 0xd8, 0xff], { kind: 'image', type: 'JPEG image', mime: 'image/jpeg' }],
  [[0x47, 0x49, 0x46, 0x38], { kind: 'image', type: 'GIF image', mime: 'image/gif' }],
  [
    [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
    { kind: 'image', type: 'WebP image', mime: 'image/webp' },
  ],
  [
    [null, null, null, null, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66],
    { kind: 'image', type: 'AVIF image', mime: 'image/avif' },
  ],
  [[0x50, 0x41, 0x52, 0x31], { kind: 'parquet', type: 'Parquet table' }],
  [[0x80, 2], { kind: 'binary', type: 'Python pickle' }],
  [[0x80, 3], { kind: 'binary', type: 'Python pickle' }],
  [[0x80, 4], { kind: 'binary', type: 'Python pickle' }],
  [[0x80, 5], { kind: 'binary', type: 'Python pickle' }],
  [[0x50, 0x4b, 3, 4], { kind: 'binary', type: 'ZIP archive' }],
  [[0x1f, 0x8b], { kind: 'binary', type: 'Gzip file' }],
  [[0x89, 0x48, 0x44, 0x46], { kind: 'binary', type: 'HDF5 file' }],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], { kind: 'binary', type: 'NumPy array' }],
  [[0x25, 0x50, 0x44, 0x46], { kind: 'binary', type: 'PDF document' }],
];

export function magicOf(head: Uint8Array): Magic | undefined {
  const found = signatures.find(([bytes]) =>
    bytes.every((byte, index) => byte === null || head[index] === byte),
  );
  if (found !== undefined) return found[1];
  // Two letters begin many texts: a bitmap also tells its own length and that four bytes are zero.
  const isBitmap = head[0] === 0x42 && head[1] === 0x4d && head.subarray(6, 10).every((byte) => byte === 0);
  return isBitmap && head.length > 26 ? { kind: 'image', type: 'BMP image', mime: 'image/bmp' } : undefined;
}

/** Width and height a picture claims in its head: a browser that draws 30,000 × 30,000 pixels stands still. */
export function pixelsOf(head: Uint8Array, mime: string): readonly [number, number] | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  try {
    if (mime === 'image/png') return [view.getUint32(16), view.getUint32(20)];
    if (mime === 'image/gif') return [view.getUint16(6, true), view.getUint16(8, true)];
    if (mime === 'image/jpeg') return jpegPixels(view);
  } catch {
    // The head ends before it says.
  }
  return undefined;
}

function jpegPixels(view: DataView): readonly [number, number] | undefined {
  for (let at = 2; at + 9 < view.byteLength; ) {
    const marker = view.getUint8(at + 1);
    // Start of frame, of any of its kinds; C4, C8 and CC are tables.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
