import type { FlowDefinition, TaskDefinition } from "../definitions.ts";
import { type Parameters, toArguments } from "../parameters/bind.ts";
import { validateParameters } from "../parameters/validate.ts";
import type { RunContext } from "../runtime/run-context.ts";

/** The parameters as the definition's schema gives them back; throws PARAMETERS_INVALID. */
export async function validated(
  definition: FlowDefinition | TaskDefinition,
  parameters: Parameters,
): Promise<Parameters> {
  const { schema, name } = definition;
  return schema ? validateParameters(name, schema, parameters) : parameters;
}

/** Calls the user's function with its parameters in their places and the context after them. */
export function callUserCode(
  definition: FlowDefinition | TaskDefinition,
  parameters: Parameters,
  context: RunContext,
): unknown {
  const args = toArguments(definition.binding, parameters);
  const fn = definition.fn as (...args: readonly unknown[]) => unknown;
  const value = definition.binding.signature.kind === "rest" ? fn(...args) : fn(...args, context);
  return isGenerator(value) ? Array.from(value) : value;
}

function isGenerator(value: unknown): value is Generator<unknown> {
  return Object.prototype.toString.call(value) === "[object Generator]";
}
