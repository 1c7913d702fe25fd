import type { Budget } from "./budget.ts";
import { MUTATING, methodOfCollection } from "./collection-methods.ts";
import { fieldOfNumber } from "./number-methods.ts";
import { toRepr } from "./printing.ts";
import { itemAt } from "./sequences.ts";
import { quotedText } from "./text.ts";
import { methodOfText } from "./text-methods.ts";
import { Callable, Dict, isList, isText, Range, Thing, Tuple, typeName, Undefined, type Value } from "./values.ts";

/** What every object of Python has, and no template may reach. */
const DUNDER = new RegExp(
  `^__(?:${[
    "class|doc|dir|init|new|repr|str|hash|eq|ne|lt|le|gt|ge|reduce|reduce_ex|sizeof|subclasshook|init_subclass|format",
    "getattribute|setattr|delattr|getstate",
  ].join("|")})__$`,
);
/** What values have beside that. */
const VALUE_DUNDER =
  /^__(?:r?(?:add|sub|mul|mod|pow|and|or|xor|divmod|floordiv|truediv)|getitem|setitem|delitem|len|contains|iter|getnewargs|bool|int|float|abs|neg|pos|index|round|reversed|class_getitem|ceil|floor|trunc)__$/;
const FUNCTION_DUNDER =
  /^__(?:globals|code|closure|defaults|dict|module|name|qualname|call|get|kwdefaults|annotations|builtins)__$/;

/** `value.name`: a method or field, else an item. What is missing or unsafe is undefined. */
export function attributeOf(budget: Budget, value: Value, name: string): Value {
  if (value instanceof Undefined) return DUNDER.test(name) ? unsafe(value, name) : intoUndefined(value);
  const field = fieldOf(budget, value, name);
  if (field !== undefined) return field;
  return (value instanceof Dict ? value.get(name) : undefined) ?? missing(value, name);
}

/** `value[key]`: an item, else, for a text, the method or field of that name. */
export function itemOf(budget: Budget, value: Value, key: Value): Value {
  if (value instanceof Undefined) return intoUndefined(value);
  const item = findItem(value, key);
  if (item !== undefined) return item;
  const field = isText(key) ? fieldOf(budget, value, typeof key === "string" ? key : key.text) : undefined;
  return field ?? missing(value, key);
}

function intoUndefined(value: Undefined): Value {
  return value.isChainable ? value : value.fail();
}

function findItem(value: Value, key: Value): Value | undefined {
  if (value instanceof Dict) {
    try {
      return value.get(key);
    } catch {
      // A list, say, is no key at all.
      return undefined;
    }
  }
  const index = typeof key === "boolean" ? BigInt(key) : key;
  return typeof index === "bigint" ? itemAt(value, index) : undefined;
}

function fieldOf(budget: Budget, value: Value, name: string): Value | undefined {
  if (DUNDER.test(name) || VALUE_DUNDER.test(name) || (value instanceof Callable && FUNCTION_DUNDER.test(name)))
    return unsafe(value, name);
  if (MUTATING[typeName(value)]?.has(name)) return unsafe(value, name);
  if (isText(value)) return methodOfText(budget, value, name);
  if (value instanceof Callable) return Object.hasOwn(value.fields, name) ? value.fields[name] : undefined;
  if (value instanceof Thing) return name.startsWith("_") ? undefined : value.read(name);
  if (value instanceof Tuple && value.names.includes(name)) return value.items[value.names.indexOf(name)];
  if (value instanceof Dict || isList(value) || value instanceof Tuple || value instanceof Range) {
    return methodOfCollection(value, name);
  }
  return fieldOfNumber(value, name);
}

function unsafe(value: Value, name: string): Undefined {
  return new Undefined(`access to attribute ${quotedText(name)} of ${quotedText(typeName(value))} object is unsafe.`, {
    type: "SecurityError",
  });
}

function missing(value: Value, key: Value): Undefined {
  const of = describeObject(value);
  return new Undefined(
    isText(key)
      ? `${quotedText(of)} has no attribute ${quotedText(typeof key === "string" ? key : key.text)}`
      : `${of} has no element ${toRepr(key)}`,
  );
}

function describeObject(value: Value): string {
  if (value === null) return "None";
  if (value instanceof Thing) return `${value.type} object`;
  if (value instanceof Callable && value.type === "Macro") return "jinja2.runtime.Macro object";
  return `${typeName(value)} object`;
}
