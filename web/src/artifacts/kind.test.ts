import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf } from './kind.ts';
import { pixelsOf } from './magic.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (value: string) => new TextEncoder().encode(value);
const png = bytes(
  0x89,
  0x50,
  0x4e,
  0x47,
  13,
  10,
  26,
  10,
  0,
  0,
  0,
  13,
  73,
  72,
  68,
  82,
  0,
  0,
  1,
  0,
  0,
  0,
  0,
  64,
);
const jpeg = bytes(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 20, 0, 30, 0, 0, 0, 0, 0, 0);

test('what a file is: its name, its first bytes → how it is shown', () => {
  for (const [path, head, kind, type, note] of [
    ['a/plot.png', png, 'image', 'PNG image', undefined],
    ['plot.png', text('no picture'), 'text', 'Text', 'The file is called .png but holds text.'],
    ['plot.png', jpeg, 'image', 'JPEG image', 'The file is called .png but holds a JPEG image.'],
    [
      'plot.png',
      bytes(0, 1, 2, 3),
      'binary',
      'Binary file',
      'The file is called .png but holds other bytes.',
    ],
    ['plot.png', bytes(0, 0, 0), 'binary', 'Binary file', 'The file is called .png but holds zeros only.'],
    ['plot', png, 'image', 'PNG image', 'The file holds a PNG image.'],
    ['a.svg', text('<?xml version="1.0"?><svg width="1">'), 'image', 'SVG image', undefined],
    ['a.svg', text('<html>'), 'text', 'Text', 'The file is called .svg but holds no SVG.'],
    ['a.json', text('{}'), 'json', 'JSON', undefined],
    [
      'a.json',
      bytes(0x80, 4, 0x95, 0),
      'binary',
      'Python pickle',
      'The file is called .json but holds a Python pickle.',
    ],
    ['t.parquet', text('PAR1....'), 'parquet', 'Parquet table', undefined],
    ['t.parquet', text('<html>'), 'text', 'Text', 'The file is called .parquet but holds text.'],
    ['model/MLmodel', text('flavors:\n'), 'mlmodel', 'MLflow model', undefined],
    ['model.pkl', bytes(0x80, 5, 0), 'binary', 'Python pickle', undefined],
    ['weights.bin', bytes(1, 0, 2), 'binary', 'BIN file', undefined],
    ['train.log', text('\u001b[31mred\u001b[0m\n'), 'text', 'Log', undefined],
    ['conf', text('a = 1'), 'text', 'Text', undefined],
    [
      'old.csv',
      bytes(0x6e, 0xe9, 0x2c, 0x31),
      'separated',
      'CSV table',
      'It is not UTF-8; it is read as Windows-1252.',
    ],
    ['cut.txt', text('é').subarray(0, 1), 'text', 'Text', undefined],
    ['a.html', text('<h1>'), 'html', 'HTML page', undefined],
    ['run.ipynb', text('{}'), 'notebook', 'Notebook', undefined],
    ['voice.wav', bytes(0x52, 0x49, 0x46, 0x46, 0, 0), 'audio', 'WAV sound', undefined],
    ['README', text('BMW'), 'text', 'Text', undefined],
  ] as const) {
    const found = kindOf(path, head.length, head);
    assert.deepEqual([found.kind, found.type, found.note], [kind, type, note], path);
  }
  assert.deepEqual(kindOf('a.csv', 0, bytes()), { kind: 'empty', type: 'CSV table' });
});

test('the size that a picture claims', () => {
  assert.deepEqual(pixelsOf(png, 'image/png'), [256, 64]);
  assert.deepEqual(pixelsOf(jpeg, 'image/jpeg'), [30, 20]);
  assert.equal(pixelsOf(png.subarray(0, 10), 'image/png'), undefined);
});
