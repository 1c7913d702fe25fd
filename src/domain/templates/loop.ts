import { typeError } from "./coerce.ts";
import { isEqual } from "./operators.ts";
import { Callable, Thing, Tuple, Undefined, type Value } from "./values.ts";

export interface Loop {
  /** `loop`, as the body of the loop sees it. */
  readonly object: Thing;
  readonly advance: () => void;
}

/** @param how `depth` counts from 1; `recurse` is what calling `loop` does */
export function loopOver(
  all: readonly Value[],
  how: { readonly depth: number; readonly recurse: (args: readonly Value[]) => Value },
): Loop {
  let index = 0;
  let lastChanged: Value | undefined;
  const method = (name: string, call: (args: readonly Value[]) => Value) =>
    new Callable(name, call, { type: "method" });
  const cycle = method("cycle", (args) => {
    if (args.length === 0) throw typeError("no items for cycling given");
    return args[index % args.length] as Value;
  });
  const changed = method("changed", (args) => {
    const value = new Tuple(args);
    const isSame = lastChanged !== undefined && isEqual(lastChanged, value);
    lastChanged = value;
    return !isSame;
  });
  const fields: Readonly<Record<string, () => Value>> = {
    index: () => BigInt(index + 1),
    index0: () => BigInt(index),
    revindex: () => BigInt(all.length - index),
    revindex0: () => BigInt(all.length - index - 1),
    first: () => index === 0,
    last: () => index === all.length - 1,
    length: () => BigInt(all.length),
    depth: () => BigInt(how.depth),
    depth0: () => BigInt(how.depth - 1),
    previtem: () => all[index - 1] ?? new Undefined("there is no previous item"),
    nextitem: () => all[index + 1] ?? new Undefined("there is no next item"),
    cycle: () => cycle,
    changed: () => changed,
  };
  const read = (name: string) => (Object.hasOwn(fields, name) ? fields[name]?.() : undefined);
  return {
    object: new Thing("jinja2.runtime.LoopContext", new Map(), { read, call: (args) => how.recurse(args) }),
    advance() {
      index += 1;
    },
  };
}
