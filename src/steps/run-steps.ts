import { resolve } from "node:path";
import { isObject } from "../domain/parameters/json-types.ts";
import { applyValues } from "../domain/placeholders/apply-values.ts";
import { resolveBlocks, resolveVariables } from "../domain/placeholders/resolve-references.ts";
import { apiReferences } from "./api-references.ts";
import { findStep } from "./catalogue.ts";
import { StepFailed, StepInvalid } from "./errors.ts";
import { runPythonStep } from "./python-step.ts";
import type { StepContext, StepResult } from "./step.ts";

/** A step as prefect.yaml has it, told to whoever watches. Placeholders are as written, so no secret is in it. */
export interface StepReport {
  readonly index: number;
  readonly qualified_name: string;
  readonly step_name: string;
  readonly id: string | null;
  readonly inputs: object;
}

export interface RunStepsOptions extends StepContext {
  /** Of steps that ran before. @default nothing */
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly onStart?: (report: StepReport) => void;
  readonly onEnd?: (report: StepReport, outcome: "executed" | "failed") => Promise<void>;
}

export interface StepsResult {
  /** Outputs of all steps, under their own names and under the steps' ids. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Where the code is: the `directory` the steps gave last, else the working directory after them. */
  readonly directory: string;
  /** The working directory after the last step. */
  readonly workingDirectory: string;
}

type Outputs = Readonly<Record<string, unknown>>;

/** Runs steps one after the other, each with the outputs of those before it. Throws STEP_INVALID and STEP_FAILED. */
export async function runSteps(steps: readonly unknown[], options: RunStepsOptions): Promise<StepsResult> {
  let outputs: Outputs = options.outputs ?? {};
  let { directory } = options;
  for (const [index, step] of steps.entries()) {
    if (!isObject(step) || Object.keys(step).length === 0) continue;
    const report = reportOf(step, index);
    options.onStart?.(report);
    const result = await attempt(report, outputs, { ...options, directory });
    const byId = report.id === null ? {} : { [report.id]: result.outputs };
    outputs = { ...outputs, ...byId, ...result.outputs };
    directory = result.directory ?? directory;
  }
  const { directory: given } = outputs;
  const codeDirectory = typeof given === "string" ? resolve(directory, given) : directory;
  return { outputs, directory: codeDirectory, workingDirectory: directory };
}

function reportOf(step: Readonly<Record<string, unknown>>, index: number): StepReport {
  const [[name = "", given] = [], ...others] = Object.entries(step);
  if (others.length > 0) throw StepInvalid(`beside ${name} there is ${others.map(([key]) => key).join(", ")}.`);
  const inputs = given ?? {};
  if (!isObject(inputs)) throw StepInvalid(`the inputs of ${name} are no mapping.`);
  const id = typeof inputs.id === "string" && inputs.id !== "" ? inputs.id : null;
  return { index, qualified_name: name, step_name: name.split(".").at(-1) ?? name, id, inputs };
}

async function attempt(report: StepReport, outputs: Outputs, options: RunStepsOptions): Promise<StepResult> {
  try {
    const result = await call(report, outputs, options);
    await options.onEnd?.(report, "executed");
    return result;
  } catch (error) {
    await options.onEnd?.(report, "failed");
    throw StepFailed(report.qualified_name, error);
  }
}

async function call(report: StepReport, outputs: Outputs, context: StepContext): Promise<StepResult> {
  const { id: _, requires, ...written } = report.inputs as Outputs;
  const source = apiReferences(context.client);
  const filled = applyValues(written, { values: outputs, env: context.env });
  const resolved = await resolveVariables(await resolveBlocks(filled, source), source);
  const inputs = applyValues(resolved, { values: context.env, env: context.env }) as Outputs;
  const own = findStep(report.qualified_name);
  if (own !== undefined) return await own(inputs, context);
  const packages = [requires].flat().filter((name) => typeof name === "string" && name !== "") as readonly string[];
  return await runPythonStep({ name: report.qualified_name, requires: packages }, inputs, context);
}
