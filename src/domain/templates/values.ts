import { quotedText } from "./text.ts";

/** What expressions of a template work with: Python's values. Integers are bigints, numbers are floats. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Markup
  | readonly Value[]
  | Tuple
  | Dict
  | Range
  | Iteration
  | View
  | Undefined
  | Callable
  | Thing;

/** An error that Python, or Jinja, would raise while it renders. */
export class TemplateFailure extends Error {
  /** Name of Python's class. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }

  /** As Python prints it: `TypeError('...')`. */
  get repr(): string {
    return `${this.type}(${this.message === "" ? "" : quotedText(this.message)})`;
  }
}

/** Text that is HTML already: what is added to it is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class Tuple {
  readonly items: readonly Value[];
  /** What else its places are called, such as `grouper` and `list`. */
  readonly names: readonly string[];
  constructor(items: readonly Value[], names: readonly string[] = []) {
    this.items = items;
    this.names = names;
  }
}

export class Range {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
  constructor(start: bigint, stop: bigint, step: bigint) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  get length(): number {
    const span = this.step > 0n ? this.stop - this.start : this.start - this.stop;
    const size = this.step > 0n ? this.step : -this.step;
    return span <= 0n ? 0 : Number((span + size - 1n) / size);
  }

  at(index: number): bigint {
    return this.start + this.step * BigInt(index);
  }
}

/** A mapping in the order of its insertions. Keys are told apart as Python does: 1, 1.0 and true are one. */
export class Dict {
  readonly #entries = new Map<string, readonly [Value, Value]>();

  static from(entries: Iterable<readonly [Value, Value]>): Dict {
    const dict = new Dict();
    for (const [key, value] of entries) {
      const hash = hashKey(key);
      dict.#entries.set(hash, [dict.#entries.get(hash)?.[0] ?? key, value]);
    }
    return dict;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(hashKey(key))?.[1];
  }

  entries(): readonly (readonly [Value, Value])[] {
    return [...this.#entries.values()];
  }
}

/** Something that can be gone through once: what lazy filters give. */
export class Iteration {
  readonly type: string;
  readonly #items: Iterator<Value>;
  constructor(type: string, items: Iterable<Value>) {
    this.type = type;
    this.#items = items[Symbol.iterator]();
  }

  next(): Value | undefined {
    const step = this.#items.next();
    return step.done ? undefined : step.value;
  }
}

/** What `dict.items()`, `keys` and `values` give. */
export class View {
  readonly type: string;
  readonly items: readonly Value[];
  constructor(type: string, items: readonly Value[]) {
    this.type = type;
    this.items = items;
  }
}

/** What is not there. It may be looked into further, printed and compared; anything else fails. */
export class Undefined {
  readonly message: string;
  /** Of the error that using it raises. */
  readonly type: string;
  /** Whether what is looked up in it is undefined, too. */
  readonly isChainable: boolean;
  constructor(message: string, { type = "UndefinedError", isChainable = true } = {}) {
    this.message = message;
    this.type = type;
    this.isChainable = isChainable;
  }

  fail(): never {
    throw new TemplateFailure(this.type, this.message);
  }
}

export interface NamedValues {
  readonly [name: string]: Value;
}

export type Call = (args: readonly Value[], named: NamedValues) => Value;

export class Callable {
  readonly name: string;
  readonly call: Call;
  /** Name of Python's class. */
  readonly type: string;
  readonly fields: NamedValues;
  /** What it is a method of, if it is a built-in one. */
  readonly owner: string | undefined;
  constructor(
    name: string,
    call: Call,
    how: { readonly type?: string; readonly fields?: NamedValues; readonly owner?: string } = {},
  ) {
    this.name = name;
    this.call = call;
    this.type = how.owner === undefined ? (how.type ?? "function") : "builtin_function_or_method";
    this.owner = how.owner;
    this.fields = how.fields ?? {};
  }
}

interface Behaviour {
  readonly read?: (name: string) => Value | undefined;
  readonly call?: Call;
  /** What printing it gives. */
  readonly text?: string;
  /** What it is as JSON; without it there is no such thing. */
  readonly json?: Value;
  /** What going through it gives. */
  readonly items?: readonly Value[];
}

/** An object with fields, such as `loop`, a namespace, or an event. */
export class Thing {
  /** Name of Python's class, with its module. */
  readonly type: string;
  readonly fields: Map<string, Value>;
  readonly read: (name: string) => Value | undefined;
  readonly call: Call | undefined;
  readonly text: string | undefined;
  readonly json: Value | undefined;
  readonly items: readonly Value[] | undefined;
  constructor(type: string, fields: Map<string, Value>, how: Behaviour = {}) {
    this.type = type;
    this.fields = fields;
    this.read = how.read ?? ((name) => fields.get(name));
    this.call = how.call;
    this.text = how.text;
    this.json = how.json;
    this.items = how.items;
  }
}

export function isText(value: Value): value is string | Markup {
  return typeof value === "string" || value instanceof Markup;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** The name of a value's class, as errors tell it. */
export function typeName(value: Value): string {
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float";
  if (typeof value === "string") return "str";
  if (value instanceof Markup) return "Markup";
  if (value instanceof Tuple) return "tuple";
  if (value instanceof Dict) return "dict";
  if (value instanceof Range) return "range";
  if (value instanceof Undefined) return "ChainableUndefined";
  if (isList(value)) return "list";
  return value.type.split(".").at(-1) ?? value.type;
}

export function isTrue(value: Value): boolean {
  if (value === null || value instanceof Undefined) return false;
  if (value instanceof Markup) return value.text !== "";
  if (isList(value)) return value.length > 0;
  if (value instanceof Tuple || value instanceof View) return value.items.length > 0;
  if (value instanceof Dict) return value.size > 0;
  if (value instanceof Range) return value.length > 0;
  return typeof value === "object" ? true : Boolean(value);
}

function hashKey(key: Value): string {
  if (isText(key)) return `s${typeof key === "string" ? key : key.text}`;
  if (typeof key === "boolean") return key ? "n1" : "n0";
  if (typeof key === "bigint") return `n${key}`;
  if (typeof key === "number") return Number.isInteger(key) ? `n${BigInt(key)}` : `n${key}`;
  if (key instanceof Tuple) return `(${key.items.map(hashKey).join(",")})`;
  if (key === null || key instanceof Undefined) return key === null ? "none" : "undefined";
  throw new TemplateFailure("TypeError", `unhashable type: '${typeName(key)}'`);
}
