/**
 * What a file is and how it is shown: a pure function of its name, its length and its first bytes. The name says what is
 * expected, the bytes what is so; where they disagree the bytes are believed and a sentence says it.
 */
import { extensionOf, nameOf } from './file.ts';
import { magicOf } from './magic.ts';
import { type Encoding, encodingOf } from './text.ts';

export type PreviewKind =
  | 'audio'
  | 'binary'
  | 'empty'
  | 'html'
  | 'image'
  | 'json'
  | 'json-lines'
  | 'markdown'
  | 'mlmodel'
  | 'notebook'
  | 'parquet'
  | 'separated'
  | 'text'
  | 'video';

export interface FileKind {
  readonly kind: PreviewKind;
  /** In people's words: `PNG image`. */
  readonly type: string;
  /** What the browser is told that it is; of pictures, sound and film. */
  readonly mime?: string;
  /** Of text. */
  readonly encoding?: Encoding;
  /** What is odd about the file. */
  readonly note?: string;
}

const pictures: Readonly<Record<string, string>> = {
  png: 'PNG image',
  jpg: 'JPEG image',
  jpeg: 'JPEG image',
  gif: 'GIF image',
  webp: 'WebP image',
  avif: 'AVIF image',
  bmp: 'BMP image',
};

const texts: Readonly<Record<string, readonly [PreviewKind, string]>> = {
  md: ['markdown', 'Markdown'],
  markdown: ['markdown', 'Markdown'],
  json: ['json', 'JSON'],
  geojson: ['json', 'JSON'],
  jsonl: ['json-lines', 'JSON lines'],
  ndjson: ['json-lines', 'JSON lines'],
  csv: ['separated', 'CSV table'],
  tsv: ['separated', 'TSV table'],
  ipynb: ['notebook', 'Notebook'],
  html: ['html', 'HTML page'],
  htm: ['html', 'HTML page'],
  svg: ['image', 'SVG image'],
  txt: ['text', 'Text'],
  log: ['text', 'Log'],
  py: ['text', 'Python source'],
  yaml: ['text', 'YAML'],
  yml: ['text', 'YAML'],
  toml: ['text', 'TOML'],
  ini: ['text', 'Settings'],
  cfg: ['text', 'Settings'],
  sh: ['text', 'Shell script'],
  sql: ['text', 'SQL'],
  xml: ['text', 'XML'],
  r: ['text', 'R source'],
};

const sounds: Readonly<Record<string, readonly ['audio' | 'video', string, string]>> = {
  wav: ['audio', 'audio/wav', 'WAV sound'],
  mp3: ['audio', 'audio/mpeg', 'MP3 sound'],
  ogg: ['audio', 'audio/ogg', 'Ogg sound'],
  flac: ['audio', 'audio/flac', 'FLAC sound'],
  mp4: ['video', 'video/mp4', 'MP4 film'],
  webm: ['video', 'video/webm', 'WebM film'],
};

/** Files that are known by their ending and not shown. */
const others: Readonly<Record<string, string>> = {
  pkl: 'Python pickle',
  pickle: 'Python pickle',
  joblib: 'Joblib file',
  pt: 'PyTorch file',
  pth: 'PyTorch file',
  safetensors: 'Safetensors weights',
  onnx: 'ONNX model',
  ubj: 'XGBoost model',
  skops: 'skops model',
  npy: 'NumPy array',
  npz: 'NumPy arrays',
  h5: 'HDF5 file',
  keras: 'Keras model',
  zip: 'ZIP archive',
  gz: 'Gzip file',
  tar: 'Tar archive',
  pdf: 'PDF document',
};

/** By its name alone, as a list of files tells it. */
export function typeByName(path: string): string {
  const extension = extensionOf(path);
  if (nameOf(path) === 'MLmodel') return 'MLflow model';
  if (extension === 'parquet') return 'Parquet table';
  const known = pictures[extension] ?? texts[extension]?.[1] ?? sounds[extension]?.[2] ?? others[extension];
  return known ?? (extension === '' ? 'File' : `${extension.toUpperCase()} file`);
}

export function kindOf(path: string, size: number, head: Uint8Array): FileKind {
  const type = typeByName(path);
  if (size === 0) return { kind: 'empty', type };
  const extension = extensionOf(path);
  const magic = magicOf(head);
  if (magic?.kind === 'image' || magic?.kind === 'parquet') {
    const agrees = magic.type === type;
    return { ...magic, ...(agrees ? {} : { note: disagreement(path, magic.type) }) };
  }
  const encoding = encodingOf(head);
  const [kind, expected] = expectationOf(path, extension);
  if (encoding === undefined) {
    const sound = sounds[extension];
    if (sound !== undefined) return { kind: sound[0], mime: sound[1], type };
    // What a text or a picture should be and is not.
    const broken = kind !== 'binary' || extension in pictures || extension === 'parquet';
    if (!broken) return { kind: 'binary', type: magic?.type ?? type };
    const what = magic?.type ?? (head.every((byte) => byte === 0) ? 'zeros only' : 'other bytes');
    return { kind: 'binary', type: magic?.type ?? 'Binary file', note: disagreement(path, what) };
  }
  const odd = encoding === 'utf-8' ? {} : { note: 'It is not UTF-8; it is read as Windows-1252.' };
  if (kind === 'image' && !looksLikeSvg(head)) {
    return { kind: 'text', type: 'Text', encoding, note: disagreement(path, 'no SVG') };
  }
  if (kind === 'image') return { kind, type: expected, mime: 'image/svg+xml', encoding, ...odd };
  if (kind !== 'binary') return { kind, type: expected, encoding, ...odd };
  const lies = extension in pictures || extension in sounds || extension in others || extension === 'parquet';
  return { kind: 'text', type: 'Text', encoding, ...(lies ? { note: disagreement(path, 'text') } : odd) };
}

function expectationOf(path: string, extension: string): readonly [PreviewKind, string] {
  if (nameOf(path) === 'MLmodel') return ['mlmodel', 'MLflow model'];
  return texts[extension] ?? ['binary', ''];
}

function disagreement(path: string, what: string): string {
  const extension = extensionOf(path);
  return extension === ''
    ? `The file holds ${withArticle(what)}.`
    : `The file is called .${extension} but holds ${withArticle(what)}.`;
}

function withArticle(what: string): string {
  if (!/ (image|table|film|sound|file|array|archive|document|pickle)$/.test(what)) return what;
  return `${/^[AEIOH]/.test(what) ? 'an' : 'a'} ${what}`;
}

function looksLikeSvg(head: Uint8Array): boolean {
  return /<svg[\s>]/i.test(new TextDecoder().decode(head.subarray(0, 4096)));
}
