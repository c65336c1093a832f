/**
 * What TypeScript needs of a standard library. Kernel programs have nothing else: no Math, no console, no methods of
 * numbers or arrays.
 */
interface Array<T> {
  readonly length: number;
  readonly [index: number]: T;
  [Symbol.iterator](): Iterator<T>;
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  [Symbol.iterator](): Iterator<T>;
}
/** What `for … of` goes through. */
interface Iterable<T, TReturn = unknown, TNext = unknown> {
  [Symbol.iterator](): Iterator<T, TReturn, TNext>;
}
interface Iterator<T, TReturn = unknown, TNext = unknown> {
  next(value?: TNext): IteratorResult<T, TReturn>;
}
interface IteratorResult<T, TReturn = unknown> {
  readonly done?: boolean;
  readonly value: T | TReturn;
}
interface Boolean {
  readonly __boolean?: never;
}
interface Number {
  readonly __number?: never;
}
interface BigInt {
  readonly __bigint?: never;
}
interface String {
  readonly __string?: never;
}
interface CallableFunction {
  readonly __function?: never;
}
interface NewableFunction {
  readonly __function?: never;
}
interface Function {
  readonly __function?: never;
}
interface IArguments {
  readonly length: number;
}
interface Object {
  readonly __object?: never;
}
interface RegExp {
  readonly __regExp?: never;
}
interface SymbolConstructor {
  readonly iterator: unique symbol;
}
// biome-ignore lint/suspicious/noShadowRestrictedNames: a kernel program has no other.
declare const Symbol: SymbolConstructor;
interface Symbol {
  readonly __symbol?: never;
}
