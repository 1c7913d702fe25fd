import type { InputOf, StandardSchema } from "../kit/schema/standard-schema.ts";
import type { Annotated } from "./annotations.ts";
import type { Future } from "./future.ts";
import type { RunContext } from "./runtime/run-context.ts";

/** A value, or a run or annotation that stands for it. */
type Standing<Value> = Value | Future<Value> | Annotated<Value | Future<Value>>;

/** What a caller may pass for a parameter: futures may stand for it, for items of a list or for properties of an object. */
type Input<Value> =
  | Standing<Value>
  | (Value extends readonly (infer Item)[]
      ? readonly Standing<Item>[]
      : Value extends object
        ? { readonly [Key in keyof Value]: Standing<Value[Key]> }
        : never);

export type Inputs<Args extends readonly unknown[]> = { [Index in keyof Args]: Input<Args[Index]> };

/** What a caller of `map` may pass for a parameter: one item for each run, or a value for all of them. */
type MapInput<Value> =
  | Iterable<Standing<Value>>
  | Annotated<Value>
  | (Value extends string ? Value : Value extends Iterable<unknown> ? never : Value);

export type MapInputs<Args extends readonly unknown[]> = { [Index in keyof Args]: MapArgument<Args[Index]> };

type MapArgument<Value> =
  | MapInput<Value>
  | (Value extends readonly unknown[]
      ? never
      : Value extends object
        ? { readonly [Key in keyof Value]: MapInput<Value[Key]> }
        : never);

/** The arguments a caller passes: a trailing context is the engine's. */
export type CallArgs<Args extends readonly unknown[]> = Args extends readonly [...infer Rest, infer Last]
  ? IsContext<Last> extends true
    ? Rest
    : Args
  : Args;

type IsContext<Value> = 0 extends 1 & Value ? false : Value extends RunContext ? true : false;

/** The one argument a schema describes; it may be left out when nothing in it is required. */
export type SchemaArgs<Schema extends StandardSchema> =
  Record<never, never> extends InputOf<Schema> ? [parameters?: InputOf<Schema>] : [parameters: InputOf<Schema>];
