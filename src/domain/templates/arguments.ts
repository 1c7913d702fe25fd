import { asNumber, typeError } from "./coerce.ts";
import { toText } from "./printing.ts";
import { isText, type NamedValues, TemplateFailure, typeName, Undefined, type Value } from "./values.ts";

/** Parameters with their defaults; those without one (`REQUIRED`) must be given. */
export type Parameters = Readonly<Record<string, Value | typeof REQUIRED>>;

export const REQUIRED = Symbol("required");

type Bound<P extends Parameters> = { readonly [Name in keyof P]: Value };

/** Gives arguments their names, and the others their defaults, with Python's errors. @throws TemplateFailure */
export function bind<P extends Parameters>(
  of: { readonly name: string; readonly parameters: P; readonly hidden?: number },
  args: readonly Value[],
  named: NamedValues,
): Bound<P> {
  const names = Object.keys(of.parameters);
  const needed = names.filter((name) => of.parameters[name] === REQUIRED);
  if (args.length > names.length) throw tooMany(of, { needed: needed.length, given: args.length });
  const bound: Record<string, Value> = {};
  args.forEach((value, index) => {
    bound[names[index] ?? ""] = value;
  });
  for (const [name, value] of Object.entries(named)) {
    if (!names.includes(name)) throw typeError(`${of.name}() got an unexpected keyword argument '${name}'`);
    if (name in bound) throw typeError(`${of.name}() got multiple values for argument '${name}'`);
    bound[name] = value;
  }
  const missing = needed.filter((name) => !(name in bound)).map((name) => `'${name}'`);
  if (missing.length > 0) {
    const list =
      missing.length < 3 ? missing.join(" and ") : `${missing.slice(0, -1).join(", ")}, and ${missing.at(-1)}`;
    throw typeError(
      `${of.name}() missing ${missing.length} required positional argument${missing.length === 1 ? "" : "s"}: ${list}`,
    );
  }
  const defaults = Object.fromEntries(
    names.filter((name) => !(name in bound)).map((name) => [name, of.parameters[name]]),
  );
  return { ...defaults, ...bound } as Bound<P>;
}

/** An argument that must be an integer. @throws TemplateFailure */
export function asInteger(value: Value): number {
  const number = asNumber(value);
  if (typeof number === "bigint") return Number(number);
  if (value instanceof Undefined) return value.fail();
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

export function asIntegerOr(value: Value, fallback: number): number {
  return value === null ? fallback : asInteger(value);
}

/** An argument that must be text. @throws TemplateFailure */
export function asText(value: Value, refusal: (type: string) => string): string {
  if (isText(value)) return toText(value);
  throw new TemplateFailure("TypeError", refusal(typeName(value)));
}

function tooMany(
  of: { readonly name: string; readonly parameters: Parameters; readonly hidden?: number },
  counts: { readonly needed: number; readonly given: number },
): TemplateFailure {
  const { hidden = 0 } = of;
  const [most, least, given] = [Object.keys(of.parameters).length, counts.needed, counts.given].map((n) => n + hidden);
  const takes = least === most ? `${most}` : `from ${least} to ${most}`;
  const plural = most === 1 ? "" : "s";
  const were = given === 1 ? "was" : "were";
  return typeError(`${of.name}() takes ${takes} positional argument${plural} but ${given} ${were} given`);
}
