/** Small pools, so that generated calls meet each other's keys, names and points often. */
import { exactly } from '../exact-json.ts';
import type { Random } from './random.ts';

const long = (length: number) => 'k'.repeat(length);

export const keyOf = (random: Random): string =>
  random.weighted([
    [60, random.pick(['loss', 'acc', 'lr', 'val/acc'])],
    [15, random.pick(['a b', 'é', '日本', 'x.y', 'c:d', 'mlflow.note.content', 'A', long(250)])],
    [
      8,
      random.pick([
        '',
        '.',
        '..',
        'a//b',
        '/a',
        'a/',
        '../a',
        './a',
        'a/../b',
        'bad#',
        'a\tb',
        'a,b',
        '"q"',
        '😀',
        long(251),
      ]),
    ],
  ]);

export const textOf = (random: Random): string =>
  random.weighted([
    [50, random.pick(['a', 'b', 'A', 'ab', '1', '2', '0.5', '-3', '1e3'])],
    [20, random.pick(['', ' ', "it's", '"quoted"', '日本 😀', 'line\nbreak', '%', 'a_b', '\\', '<b>'])],
    [2, random.pick([long(6001), long(8001)])],
  ]);

/** A metric value as it may stand in JSON. */
export const numberOf = (random: Random): unknown =>
  random.weighted([
    [60, random.pick([0, 1, 2, 0.5, -1.5, 3.25])],
    [15, random.pick(['NaN', 'Infinity', '-Infinity'])],
    [
      10,
      random.pick([
        exactly('1e300'),
        exactly('-0.0'),
        exactly('1e-7'),
        exactly('123456789.123456789'),
        '2.5',
        '7',
      ]),
    ],
  ]);

export const timeOf = (random: Random): unknown =>
  random.weighted([
    [60, random.below(6)],
    [15, 1_700_000_000_000 + random.below(3)],
    [5, random.pick(['4', exactly('9223372036854775807')])],
    [3, random.pick([-1, -1000])],
  ]);

export const stepOf = (random: Random): unknown =>
  random.weighted([
    [60, random.below(5)],
    [10, -random.below(4)],
    [
      5,
      random.pick([
        '3',
        exactly('9007199254740993'),
        exactly('9223372036854775807'),
        exactly('-9223372036854775808'),
      ]),
    ],
  ]);

/** A value whose JSON type fits no field of the tracking API but a text field of the other kinds. */
export const wrongTypeOf = (random: Random): unknown =>
  random.pick([5, true, 1.5, 'x', [1], ['x'], {}, { a: 1 }, [[]]]);
