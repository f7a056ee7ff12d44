/**
 * The protobuf messages of the protocol as small tables: field name → what it holds. One table reads requests
 * (message-reading.ts) and prints answers (message-printing.ts), and gives the TypeScript type of both.
 */

/** An int64: a number while that is exact, else a bigint. */
export type Int64 = number | bigint;

export type Scalar = 'string' | 'int64' | 'int32' | 'double' | 'bool';

declare const value: unique symbol;

/** `Value` is the type of the field in a message that was read; unset is `undefined`, an unset list is empty. */
export interface Field<Value = unknown> {
  readonly kind: Scalar | 'enum' | 'message';
  readonly repeated?: boolean;
  /** Neither absent nor null nor ''. */
  readonly required?: boolean;
  /** Deprecated other name, read when the field itself is unset. */
  readonly alias?: string;
  /** Text in which U+0000 may stand: values, never names. */
  readonly allowsNul?: boolean;
  /** Names of an enum with their numbers. */
  readonly names?: Readonly<Record<string, number>>;
  readonly message?: Message;
  /** A further rule of the value; the text it returns is the error. Called after the type is known to fit. */
  check?(value: Value): string | undefined;
  readonly [value]?: Value;
}

export type Message = Readonly<Record<string, Field>>;

/** What reading a message gives. */
export type Read<M extends Message> = {
  readonly [Name in keyof M]: M[Name] extends Field<infer Value> ? Value : never;
};

/** What printing a message takes: a field that is absent or undefined is not printed, nor is an empty list. */
export type Printed<M extends Message> = {
  readonly [Name in keyof M]?: (M[Name] extends Field<infer Value> ? PrintedValue<Value> : never) | undefined;
};
type PrintedValue<Value> = Value extends readonly (infer Item)[]
  ? readonly PrintedValue<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]?: PrintedValue<Value[Name]> | undefined }
    : Value;

export const text: Field<string | undefined> = { kind: 'string' };
/** A text whose content is free: a parameter's or tag's value. */
export const content: Field<string | undefined> = { kind: 'string', allowsNul: true };
export const int64: Field<Int64 | undefined> = { kind: 'int64' };
export const int32: Field<number | undefined> = { kind: 'int32' };
export const double: Field<number | undefined> = { kind: 'double' };
export const bool: Field<boolean | undefined> = { kind: 'bool' };

export function enumOf<Name extends string>(names: Readonly<Record<Name, number>>): Field<Name | undefined> {
  return { kind: 'enum', names };
}

export function nested<M extends Message>(message: M): Field<Read<M> | undefined> {
  return { kind: 'message', message };
}

export function listOf<Value>(field: Field<Value>): Field<readonly NonNullable<Value>[]> {
  return { ...field, repeated: true } as unknown as Field<readonly NonNullable<Value>[]>;
}

export function required<Value>(field: Field<Value>): Field<NonNullable<Value>> {
  return { ...field, required: true } as unknown as Field<NonNullable<Value>>;
}

export function withAlias<Value>(field: Field<Value>, alias: string): Field<Value> {
  return { ...field, alias };
}
