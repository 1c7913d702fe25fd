import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ParametersInvalid } from "../errors.ts";
import type { Parameters } from "./bind.ts";

/** The parameters as the schema gives them back, coerced and with defaults. Throws PARAMETERS_INVALID. */
export async function validateParameters(
  name: string,
  schema: StandardSchemaV1,
  parameters: Parameters,
): Promise<Parameters> {
  const result = await schema["~standard"].validate(parameters);
  if (result.issues) throw ParametersInvalid(name, result.issues.map(describeIssue));
  return result.value as Parameters;
}

function describeIssue(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment));
  return path.length === 0 ? issue.message : `${path.join(".")}: ${issue.message}`;
}
