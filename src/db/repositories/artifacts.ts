import type { Db } from "../database.ts";

/** Keys of a state's data that describe the artifact and are not part of the result itself. */
const DESCRIPTIVE = ["artifact_key", "artifact_type", "artifact_description"] as const;

interface NewResult {
  readonly id: string;
  readonly data: unknown;
  readonly flow_run_id: string | null;
  readonly task_run_id: string | null;
  /** In the database's form. */
  readonly created: string;
}

/**
 * Stores a state's data as a result artifact, as the reference does, and gives the artifact's id. Data that is absent or
 * of type `unpersisted` is not stored: null.
 */
export async function insertResultArtifact(db: Db, result: NewResult): Promise<string | null> {
  const { data } = result;
  if (data === null || data === undefined) return null;
  const isObject = typeof data === "object" && !Array.isArray(data);
  const described = isObject ? (data as Record<string, unknown>) : {};
  if (described.type === "unpersisted") return null;
  const kept = isObject ? Object.fromEntries(Object.entries(described).filter(([key]) => !isDescriptive(key))) : data;
  await db
    .insertInto("artifact")
    .values({
      id: result.id,
      created: result.created,
      updated: result.created,
      key: textOrNull(described.artifact_key),
      type: textOrNull(described.artifact_type) ?? "result",
      description: textOrNull(described.artifact_description),
      data: JSON.stringify(kept),
      flow_run_id: result.flow_run_id,
      task_run_id: result.task_run_id,
    })
    .execute();
  return result.id;
}

function isDescriptive(key: string): boolean {
  return (DESCRIPTIVE as readonly string[]).includes(key);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
