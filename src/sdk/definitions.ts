import { createHash } from "node:crypto";
import type { StandardSchema } from "../kit/schema/standard-schema.ts";
import { type CallSite, findAssignment } from "./call-site.ts";
import type { FlowOptions, TaskOptions } from "./options.ts";
import type { Binding } from "./parameters/bind.ts";
import { readSignature } from "./parameters/signature.ts";

/** A user's function, whatever it takes and gives. */
export type UserFunction = (...args: never[]) => unknown;

interface Definition<Options> {
  readonly name: string;
  readonly fn: UserFunction;
  readonly options: Options;
  readonly binding: Binding;
  readonly schema: StandardSchema | undefined;
  /** Names the code: the same for every run of it. */
  readonly key: string;
}

export interface FlowDefinition extends Definition<FlowOptions> {
  /** Where `flow()` was called, or undefined when the engine could not tell. */
  readonly callSite: CallSite | undefined;
}

export type TaskDefinition = Definition<TaskOptions>;

/** What `flow()` or `task()` was called with, and where. */
export interface DefinitionSource<Options> {
  readonly options: Options;
  readonly fn: UserFunction;
  readonly site: CallSite | undefined;
}

export function defineFlow(source: DefinitionSource<FlowOptions>): FlowDefinition {
  return { ...define(source, "flow"), callSite: source.site };
}

export function defineTask(source: DefinitionSource<TaskOptions>): TaskDefinition {
  const definition = define(source, "task");
  return { ...definition, key: source.options.key ?? definition.key };
}

/** The same definition with some options changed. */
export function sourceWith<Options>(definition: Definition<Options>, options: Options): DefinitionSource<Options> {
  return { options: { name: definition.name, ...definition.options, ...options }, fn: definition.fn, site: undefined };
}

/** Tells `(options, fn)` from `(fn)`. */
export function splitDefinition<Options>(given: readonly unknown[]): readonly [Options, UserFunction] {
  const [options, fn] = given.length === 1 ? [{}, given[0]] : given;
  return [options as Options, fn as UserFunction];
}

function define<Options extends FlowOptions | TaskOptions>(
  { options, fn, site }: DefinitionSource<Options>,
  kind: "flow" | "task",
): Definition<Options> {
  const name = options.name ?? kebab(fn.name || (site && findAssignment(site)?.name) || kind);
  const binding = { name, signature: readSignature(fn), hasSchema: options.input !== undefined };
  const hash = createHash("sha256").update(fn.toString()).digest("hex").slice(0, 8);
  return { name, fn, options, binding, schema: options.input, key: `${name}-${hash}` };
}

function kebab(name: string): string {
  return name.replaceAll("_", "-");
}
