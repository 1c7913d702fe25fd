import type { Client } from "../client/index.ts";
import type { Infer, Schema } from "../kit/schema/schema.ts";
import { StepInputsInvalid } from "./errors.ts";

/** What a step is given besides its inputs. */
export interface StepContext {
  /** The working directory, absolute. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly client: Client;
  /** Where the output of commands goes while they run. */
  readonly write: (text: string) => void;
  /** Images this command has made, by their inputs: several deployments share them. @default each is made anew */
  readonly made?: Map<string, Promise<StepResult>>;
}

export interface StepResult {
  /** What later steps may refer to. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The working directory from here on, when the step changed it. */
  readonly directory?: string;
}

/** A function that prefect.yaml can name. */
export type Step = (inputs: Readonly<Record<string, unknown>>, context: StepContext) => Promise<StepResult>;

/** A step whose inputs are checked against `schema` first. Throws STEP_INPUTS_INVALID. */
export function step<Inputs extends Schema<unknown>>(
  name: string,
  schema: Inputs,
  run: (inputs: Infer<Inputs>, context: StepContext) => Promise<StepResult>,
): Step {
  return async (given, context) => {
    const parsed = schema.parse(given);
    if (parsed.ok) return await run(parsed.value as Infer<Inputs>, context);
    throw StepInputsInvalid(
      name,
      parsed.errors.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`),
    );
  };
}
