import type { StandardIssue, StandardSchema } from "../../kit/schema/standard-schema.ts";
import { ParametersInvalid } from "../errors.ts";
import type { Parameters } from "./bind.ts";

/** The parameters as the schema gives them back, coerced and with defaults. Throws PARAMETERS_INVALID. */
export async function validateParameters(
  name: string,
  schema: StandardSchema,
  parameters: Parameters,
): Promise<Parameters> {
  const result = await schema["~standard"].validate(parameters);
  if (result.issues) throw ParametersInvalid(name, result.issues.map(describeIssue));
  return result.value as Parameters;
}

function describeIssue(issue: StandardIssue): string {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment));
  return path.length === 0 ? issue.message : `${path.join(".")}: ${issue.message}`;
}
