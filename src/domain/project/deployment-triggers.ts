import * as s from "../../kit/schema/schema.ts";
import { isObject, type JsonObject } from "../parameters/json-types.ts";
import { applyValues } from "../placeholders/apply-values.ts";
import { TriggerConfigInvalid } from "./errors.ts";

/** The automation a trigger of prefect.yaml becomes, before it is known which deployment it runs. */
export interface TriggerAutomation {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly trigger: JsonObject;
  /** What the action `run-deployment` says besides the deployment. */
  readonly action: JsonObject;
}

/**
 * Triggers of prefect.yaml as automations. Placeholders are filled from `outputs`, except in `parameters`, which are the
 * server's templates. Throws TRIGGER_CONFIG_INVALID.
 */
export function toTriggerAutomations(
  deploymentName: string,
  triggers: readonly JsonObject[],
  outputs: JsonObject,
): readonly TriggerAutomation[] {
  return triggers.map((config, index) => {
    const { parameters, ...rest } = config;
    const filled = applyValues(rest, { values: outputs }) as JsonObject;
    const { name, description, enabled, job_variables, schedule_after, ...trigger } = filled;
    return {
      name: typeof name === "string" ? name : `${deploymentName}__automation_${index + 1}`,
      description: typeof description === "string" ? description : "",
      enabled: flagOf(enabled),
      trigger: typedTrigger(trigger),
      action: {
        type: "run-deployment",
        source: "selected",
        parameters: parameters ?? null,
        job_variables: job_variables ?? null,
        schedule_after: schedule_after ?? 0,
      },
    };
  });
}

/** The kind of a trigger follows from its fields where it is not said; events are waited for unless it says otherwise. */
function typedTrigger(given: JsonObject): JsonObject {
  const type = given.type ?? kindOf(given);
  const posture = type === "event" ? { posture: "Reactive" } : {};
  const inner = Array.isArray(given.triggers) ? { triggers: given.triggers.map(innerTrigger) } : {};
  return { ...posture, ...given, type, ...inner };
}

function innerTrigger(given: unknown): JsonObject {
  if (!isObject(given)) throw TriggerConfigInvalid("triggers must be a list of mappings.");
  return typedTrigger(given);
}

function kindOf({ posture, triggers, require }: JsonObject): string {
  if (posture === "Metric") return "metric";
  if (triggers === undefined) return "event";
  return require === undefined ? "sequence" : "compound";
}

function flagOf(enabled: unknown): boolean {
  const parsed = s.boolean().parse(enabled ?? true);
  if (!parsed.ok) throw TriggerConfigInvalid("enabled must be true or false.");
  return parsed.value;
}
