import assert from 'node:assert/strict';
import { test } from 'node:test';
import { galleriesOf } from './step-images.ts';

const id = (digit: number) => `0e1c7f0a-5c7e-4a08-9f3a-00000000000${digit}`;

test('logged images by key and step, each with its small twin', () => {
  const paths = [
    `images/train~samples+step+10+timestamp+5+${id(1)}+compressed.webp`,
    `images/train~samples+step+10+timestamp+5+${id(1)}.png`,
    `images/train~samples+step+2+timestamp+9+${id(2)}.png`,
    `images/old%step%0%timestamp%1%${id(3)}.png`,
    'figures/loss.png',
  ];
  const { galleries, taken } = galleriesOf(paths);
  assert.deepEqual(
    galleries.map(({ title, images }) => [title, images.map(({ step, path, small }) => [step, path, small])]),
    [
      ['old', [[0, paths[3], undefined]]],
      [
        'train/samples',
        [
          [2, paths[2], undefined],
          [10, paths[1], paths[0]],
        ],
      ],
    ],
  );
  assert.deepEqual([...taken], paths.slice(0, 4));
});

test('numbered files of one folder are a series from three on', () => {
  const { galleries, taken } = galleriesOf([
    's/epoch_1.png',
    's/epoch_10.png',
    's/epoch_2.png',
    'a_1.png',
    'a_2.png',
    'b.png',
  ]);
  assert.deepEqual(
    galleries.map(({ title, images }) => [title, images.map(({ step }) => step)]),
    [['s', [1, 2, 10]]],
  );
  assert.equal(taken.size, 3);
});
