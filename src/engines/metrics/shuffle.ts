/**
 * Numbers as 32-bit words, and words transposed: all lowest bytes, then all second bytes, … Signs, exponents and high digits of
 * neighbours are alike, so they compress once they stand side by side.
 *
 * A 64-bit number is two words, the low one first, on every machine.
 */
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
type Words = Int32Array<ArrayBuffer>;

/** The bits of the doubles, every NaN the quiet one. A copy. */
export function doubleWords(values: Float64Array): Words {
  const copy = new Float64Array(values);
  const words = lowFirst(new Int32Array(copy.buffer));
  for (let i = 0; i < copy.length; i++) {
    if (Number.isNaN(values[i])) {
      words[2 * i] = 0;
      words[2 * i + 1] = 0x7ff80000;
    }
  }
  return words;
}

/** The doubles of these bits; takes the words over. */
export function doublesOf(words: Words): Float64Array<ArrayBuffer> {
  return quietNans(new Float64Array(lowFirst(words).buffer));
}

/** The bits of the values as 32-bit floats, every NaN the quiet one. */
export function singleWords(values: Float64Array): Words {
  const words = new Int32Array(new Float32Array(values).buffer);
  for (let i = 0; i < words.length; i++) if (Number.isNaN(values[i])) words[i] = 0x7fc00000;
  return words;
}

export function singlesOf(words: Words): Float64Array<ArrayBuffer> {
  return quietNans(new Float64Array(new Float32Array(words.buffer)));
}

export function int64Words(column: BigInt64Array): Words {
  return lowFirst(new Int32Array(new BigInt64Array(column).buffer));
}

/** Takes the words over. */
export function int64sOf(words: Words): BigInt64Array<ArrayBuffer> {
  return new BigInt64Array(lowFirst(words).buffer);
}

/** Between the order of this machine and low word first, in place. */
function lowFirst(words: Words): Words {
  if (!littleEndian) {
    for (let i = 0; i < words.length; i += 2) {
      const first = words[i]!;
      words[i] = words[i + 1]!;
      words[i + 1] = first;
    }
  }
  return words;
}

/** A forged blob may carry other NaNs; nothing of ours ever shows one. */
function quietNans(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = Number.NaN;
  return values;
}

/** The bytes of numbers of 4 or 8 bytes, transposed. One pass over words is twice as fast as a pass for every byte. */
export function shuffled(words: Words, width: 4 | 8): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(words.length * 4);
  const stride = width / 4;
  const count = words.length / stride;
  for (let part = 0; part < stride; part++) {
    const plane = 4 * part * count;
    for (let i = 0, at = part; i < count; i++, at += stride) {
      const word = words[at]!;
      bytes[plane + i] = word;
      bytes[plane + count + i] = word >> 8;
      bytes[plane + 2 * count + i] = word >> 16;
      bytes[plane + 3 * count + i] = word >> 24;
    }
  }
  return bytes;
}

export function fromShuffled(bytes: Uint8Array, width: 4 | 8): Words {
  const words = new Int32Array(bytes.length / 4);
  const stride = width / 4;
  const count = words.length / stride;
  for (let part = 0; part < stride; part++) {
    const plane = 4 * part * count;
    for (let i = 0, at = part; i < count; i++, at += stride) {
      words[at] =
        bytes[plane + i]! |
        (bytes[plane + count + i]! << 8) |
        (bytes[plane + 2 * count + i]! << 16) |
        (bytes[plane + 3 * count + i]! << 24);
    }
  }
  return words;
}
