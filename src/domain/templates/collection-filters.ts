import { asInteger, REQUIRED } from "./arguments.ts";
import { attributePath, readPath } from "./attribute-paths.ts";
import { typeError } from "./coerce.ts";
import { type Filter, type FilterCall, filter } from "./filter.ts";
import { compare, isEqual } from "./operators.ts";
import { toText } from "./printing.ts";
import { items, lengthOf } from "./sequences.ts";
import { characters } from "./text.ts";
import {
  Dict,
  Iteration,
  isList,
  isText,
  isTrue,
  Markup,
  Range,
  TemplateFailure,
  Tuple,
  typeName,
  Undefined,
  type Value,
  View,
} from "./values.ts";

const count = filter("len", { obj: REQUIRED }, ({ obj }) => BigInt(lengthOf(obj)));
const orDefault = filter(
  "do_default",
  { value: REQUIRED, default_value: "", boolean: false },
  ({ value, default_value, boolean }) =>
    value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? default_value : value,
);

export const collectionFilters: Readonly<Record<string, Filter>> = {
  length: count,
  count,
  default: orDefault,
  d: orDefault,
  list: filter("do_list", { value: REQUIRED }, ({ value }) => items(value)),
  first: filter("do_first", { seq: REQUIRED }, ({ seq }) => {
    if (seq instanceof Iteration) return seq.next() ?? new Undefined("No first item, sequence was empty.");
    return items(seq)[0] ?? new Undefined("No first item, sequence was empty.");
  }),
  last: filter("do_last", { seq: REQUIRED }, ({ seq }) => {
    if (seq instanceof Iteration) throw typeError(`'${typeName(seq)}' object is not reversible`);
    return items(seq, notReversible).at(-1) ?? new Undefined("No last item, sequence was empty.");
  }),
  random: filter("do_random", { seq: REQUIRED }, ({ seq }) => {
    const all = items(seq);
    return all[Math.floor(Math.random() * all.length)] ?? new Undefined("No random item, sequence was empty.");
  }),
  reverse: filter("do_reverse", { value: REQUIRED }, ({ value }) => {
    if (typeof value === "string") return characters(value).toReversed().join("");
    if (value instanceof Markup) return new Markup(characters(value.text).toReversed().join(""));
    if (value !== null && typeof value === "object")
      return new Iteration(reversedType(value), items(value).toReversed());
    throw new TemplateFailure("FilterArgumentError", "argument must be iterable");
  }),
  items: filter("do_items", { value: REQUIRED }, ({ value }) => {
    if (value instanceof Undefined) return new Iteration("generator", []);
    if (!(value instanceof Dict)) throw typeError("Can only get item pairs from a mapping.");
    return new Iteration(
      "generator",
      value.entries().map((entry) => new Tuple(entry)),
    );
  }),
  sort: filter(
    "do_sort",
    { value: REQUIRED, reverse: false, case_sensitive: false, attribute: null },
    ({ value, reverse, case_sensitive, attribute }, call) => {
      const paths = isText(attribute) ? toText(attribute).split(",").map(attributePath) : [attributePath(attribute)];
      const keyOf = (item: Value) =>
        paths.map((path) => caseless(readPath(call.budget, item, { steps: path }), isTrue(case_sensitive)));
      return sorted(call, items(value), { keyOf, isReversed: isTrue(reverse) });
    },
  ),
  dictsort: filter(
    "do_dictsort",
    { value: REQUIRED, case_sensitive: false, by: "key", reverse: false },
    ({ value, case_sensitive, by, reverse }, call) => {
      const place = ["key", "value"].indexOf(toText(by));
      if (place === -1)
        throw new TemplateFailure("FilterArgumentError", 'You can only sort by either "key" or "value"');
      if (value instanceof Undefined) return value.fail();
      if (!(value instanceof Dict))
        throw new TemplateFailure("AttributeError", `'${typeName(value)}' object has no attribute 'items'`);
      const keyOf = (item: Value) => [caseless(items(item)[place] as Value, isTrue(case_sensitive))];
      return sorted(
        call,
        value.entries().map((entry) => new Tuple(entry)),
        { keyOf, isReversed: isTrue(reverse) },
      );
    },
  ),
  unique: filter(
    "do_unique",
    { value: REQUIRED, case_sensitive: false, attribute: null },
    ({ value, case_sensitive, attribute }, call) => {
      const path = attributePath(attribute);
      const keyOf = (item: Value) => caseless(readPath(call.budget, item, { steps: path }), isTrue(case_sensitive));
      const all = Dict.from(
        items(value)
          .toReversed()
          .map((item) => [keyOf(item), item]),
      );
      const seen = new Set<Value>(all.entries().map(([, item]) => item));
      return new Iteration("generator", firstOfEach(items(value), keyOf, seen.size));
    },
  ),
  groupby: filter(
    "do_groupby",
    { value: REQUIRED, attribute: REQUIRED, default: null, case_sensitive: false },
    ({ value, attribute, default: fallback, case_sensitive }, call) => {
      const path = attributePath(attribute);
      const realKey = (item: Value) => readPath(call.budget, item, { steps: path, fallback });
      const keyOf = (item: Value) => [caseless(realKey(item), isTrue(case_sensitive))];
      const groups: { key: readonly Value[]; members: Value[] }[] = [];
      for (const item of sorted(call, items(value), { keyOf, isReversed: false })) {
        const last = groups.at(-1);
        if (last && isEqual(last.key, keyOf(item))) last.members.push(item);
        else groups.push({ key: keyOf(item), members: [item] });
      }
      return groups.map(({ members }) => new Tuple([realKey(members[0] as Value), members], ["grouper", "list"]));
    },
  ),
  min: filter("do_min", { value: REQUIRED, case_sensitive: false, attribute: null }, (values, call) =>
    extreme(call, values, "<"),
  ),
  max: filter("do_max", { value: REQUIRED, case_sensitive: false, attribute: null }, (values, call) =>
    extreme(call, values, ">"),
  ),
  slice: filter(
    "do_slice",
    { value: REQUIRED, slices: REQUIRED, fill_with: null },
    ({ value, slices, fill_with }, call) =>
      new Iteration("generator", columns(call, items(value), { count: asInteger(slices), filler: fill_with })),
  ),
  batch: filter(
    "do_batch",
    { value: REQUIRED, linecount: REQUIRED, fill_with: null },
    ({ value, linecount, fill_with }, call) => {
      const all = items(value);
      const size = asInteger(linecount);
      call.budget.reserve(fill_with === null ? all.length : size);
      return new Iteration("generator", batches(all, size, fill_with));
    },
  ),
};

const notReversible = (type: string) => `'${type}' object is not reversible`;

function reversedType(value: Value): string {
  if (isList(value)) return "list_reverseiterator";
  if (value instanceof Dict) return "dict_reversekeyiterator";
  if (value instanceof Range) return "range_iterator";
  return value instanceof View ? "dict_reverseitemiterator" : "reversed";
}

function caseless(value: Value, isCaseSensitive: boolean): Value {
  if (isCaseSensitive) return value;
  if (value instanceof Markup) return new Markup(value.text.toLowerCase());
  return typeof value === "string" ? value.toLowerCase() : value;
}

interface Sorting {
  readonly keyOf: (item: Value) => readonly Value[];
  readonly isReversed: boolean;
}

/** Stable, also in reverse. */
function sorted({ budget }: FilterCall, all: readonly Value[], { keyOf, isReversed }: Sorting): readonly Value[] {
  const keyed = all.map((item) => ({ item, key: keyOf(item) }));
  const order = (a: readonly Value[], b: readonly Value[]) => {
    budget.spend(1);
    return compare("<", a, b) ? -1 : compare("<", b, a) ? 1 : 0;
  };
  return keyed.toSorted((a, b) => (isReversed ? order(b.key, a.key) : order(a.key, b.key))).map(({ item }) => item);
}

function* firstOfEach(all: readonly Value[], keyOf: (item: Value) => Value, most: number): Generator<Value> {
  let seen = Dict.from([]);
  for (const item of all) {
    const key = keyOf(item);
    if (seen.get(key) !== undefined) continue;
    seen = Dict.from([...seen.entries(), [key, true]]);
    yield item;
    if (seen.size === most) return;
  }
}

function extreme(
  { budget }: FilterCall,
  {
    value,
    case_sensitive,
    attribute,
  }: { readonly value: Value; readonly case_sensitive: Value; readonly attribute: Value },
  better: "<" | ">",
): Value {
  const path = attributePath(attribute);
  const keyOf = (item: Value) => caseless(readPath(budget, item, { steps: path }), isTrue(case_sensitive));
  const [first, ...rest] = items(value);
  if (first === undefined) return new Undefined("No aggregated item, sequence was empty.");
  return rest.reduce((best, item) => (compare(better, keyOf(item), keyOf(best)) ? item : best), first);
}

function* columns(
  { budget }: FilterCall,
  all: readonly Value[],
  { count: wanted, filler }: { readonly count: number; readonly filler: Value },
): Generator<Value> {
  if (wanted === 0) throw new TemplateFailure("ZeroDivisionError", "integer division or modulo by zero");
  budget.reserve(wanted);
  const size = Math.floor(all.length / wanted);
  const longer = all.length % wanted;
  let start = 0;
  for (let index = 0; index < wanted; index++) {
    const end = start + size + (index < longer ? 1 : 0);
    yield [...all.slice(start, end), ...(filler !== null && index >= longer ? [filler] : [])];
    start = end;
  }
}

function* batches(all: readonly Value[], size: number, filler: Value): Generator<Value> {
  if (size <= 0) {
    if (all.length > 0) yield size === 0 ? [] : all;
    return;
  }
  for (let start = 0; start < all.length; start += size) {
    const batch = all.slice(start, start + size);
    const missing = filler === null ? 0 : size - batch.length;
    yield [...batch, ...Array.from({ length: missing }, () => filler)];
  }
}
