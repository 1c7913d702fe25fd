import { ParameterMissing, ParametersInvalid, ParameterUnknown } from "../errors.ts";
import type { Signature } from "./signature.ts";

/** Parameters by name. */
export type Parameters = Readonly<Record<string, unknown>>;

/** What the parameters of one flow or task are bound by. */
export interface Binding {
  /** The name in messages. */
  readonly name: string;
  readonly signature: Signature;
  /** True when a schema describes the one object the function takes. */
  readonly hasSchema: boolean;
}

/** Gives each argument its name; literal defaults fill what was left out. */
export function bindArguments(binding: Binding, args: readonly unknown[]): Parameters {
  const { signature, hasSchema } = binding;
  const byName = hasSchema || signature.kind === "object" ? objectArgument(binding, args) : positional(binding, args);
  const defaults = signature.parameters.filter(
    ({ name, defaultValue }) => defaultValue !== undefined && !(name in byName),
  );
  return { ...byName, ...Object.fromEntries(defaults.map(({ name, defaultValue }) => [name, defaultValue])) };
}

/** The reverse of `bindArguments`, for a run whose parameters are stored. Throws when a name is unknown or missing. */
export function toArguments(binding: Binding, parameters: Parameters): readonly unknown[] {
  const { signature, hasSchema } = binding;
  if (hasSchema) return [parameters];
  checkNames(binding, parameters);
  if (signature.kind === "object") return [parameters];
  const values = signature.parameters.map(({ name }) => parameters[name]);
  if (signature.kind === "positional") return values;
  const rest = values.at(-1);
  return [...values.slice(0, -1), ...(Array.isArray(rest) ? rest : [])];
}

function checkNames(binding: Binding, parameters: Parameters): void {
  const known = binding.signature.parameters.map(({ name }) => name);
  const unknown = Object.keys(parameters).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw ParameterUnknown(binding.name, unknown, known);
  const missing = binding.signature.parameters.filter(({ name, isRequired }) => isRequired && !(name in parameters));
  if (missing.length > 0)
    throw ParameterMissing(
      binding.name,
      missing.map(({ name }) => name),
    );
}

function objectArgument(binding: Binding, args: readonly unknown[]): Parameters {
  const [given = {}] = args;
  if (isPlainObject(given)) return given;
  throw ParametersInvalid(binding.name, ["it takes one object with the parameters as its properties"]);
}

function positional({ signature, name }: Binding, args: readonly unknown[]): Parameters {
  const { parameters, kind } = signature;
  const named = kind === "rest" ? parameters.slice(0, -1) : parameters;
  if (kind === "positional" && args.length > named.length) {
    throw ParametersInvalid(name, [`it takes ${named.length} argument(s) but was given ${args.length}`]);
  }
  const byName = Object.fromEntries(
    named.flatMap((parameter, index) => (args[index] === undefined ? [] : [[parameter.name, args[index]]])),
  );
  const rest = kind === "rest" ? parameters.at(-1) : undefined;
  return rest ? { ...byName, [rest.name]: args.slice(named.length) } : byName;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
