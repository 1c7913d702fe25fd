import type { StepContext, StepResult } from "../step.ts";

/** Gives what the same step with the same inputs has already made for this command, unless told to ignore it. */
export function onceFor(
  name: string,
  run: { readonly inputs: { readonly ignore_cache: boolean }; readonly context: StepContext },
  make: () => Promise<StepResult>,
): Promise<StepResult> {
  const { inputs, context } = run;
  const { made } = context;
  if (made === undefined || inputs.ignore_cache) return make();
  const key = JSON.stringify([name, context.directory, inputs]);
  const result = made.get(key) ?? make();
  made.set(key, result);
  return result;
}
