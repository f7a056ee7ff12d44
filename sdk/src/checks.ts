/** What is wrong with a call is told where it is made: TypeErrors, before anything is queued. */

const keyLimit = 250;
const valueLimit = 100_000;

export function checkKey(what: string, key: string): void {
  if (typeof key !== 'string') throw new TypeError(`the name of a ${what} must be text, not ${typeof key}`);
  if (key === '') throw new TypeError(`the name of a ${what} must not be empty`);
  if (key.length > keyLimit)
    throw new TypeError(`the name of a ${what} has at most ${keyLimit} characters: ${key.slice(0, 40)}…`);
  if (key.includes('\0') || !key.isWellFormed())
    throw new TypeError(`the name of a ${what} is no well-formed text: ${JSON.stringify(key)}`);
}

export function checkNumber(name: string, value: number): void {
  if (typeof value !== 'number')
    throw new TypeError(`the value of ${name} must be a number, not ${typeof value}`);
}

export function checkInteger(what: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${what} must be a whole number, not ${value}`);
}

/** The text of a parameter or tag. */
export function textOf(name: string, value: string | number | boolean): string {
  if (!['string', 'number', 'boolean'].includes(typeof value))
    throw new TypeError(`the value of ${name} must be text, a number or a boolean, not ${typeof value}`);
  const text = String(value);
  if (text.length > valueLimit)
    throw new TypeError(`the value of ${name} has at most ${valueLimit} characters`);
  if (text.includes('\0') || !text.isWellFormed())
    throw new TypeError(`the value of ${name} is no well-formed text`);
  return text;
}
