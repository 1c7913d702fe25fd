import * as s from "../kit/schema/schema.ts";
import { dashedName, orNull, storedFields } from "./common.ts";

const artifactData = s.documented(s.json(), {
  replace: { anyOf: [{ type: "object", additionalProperties: true }, {}] },
});

const MAX_METADATA_LENGTH = 500;

/** Long values are cut, not refused. */
const metadata = s.transform(s.record(s.string()), (entries) =>
  Object.values(entries).some((value) => value.length > MAX_METADATA_LENGTH)
    ? Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, shorten(value)]))
    : entries,
);

function shorten(value: string): string {
  return value.length > MAX_METADATA_LENGTH ? `${value.slice(0, MAX_METADATA_LENGTH)}...` : value;
}

export const Artifact = s.object("Artifact", {
  id: s.supplied(s.uuid()),
  created: orNull(s.dateTime()),
  updated: orNull(s.dateTime()),
  key: orNull(s.string()),
  type: orNull(s.string()),
  description: orNull(s.string()),
  data: orNull(artifactData),
  metadata_: orNull(s.record(s.string())),
  flow_run_id: orNull(s.uuid()),
  task_run_id: orNull(s.uuid()),
});
export type Artifact = s.Infer<typeof Artifact>;

export const ArtifactCollection = s.object("ArtifactCollection", {
  ...storedFields,
  key: s.string(),
  latest_id: s.uuid(),
  type: orNull(s.string()),
  description: orNull(s.string()),
  data: orNull(artifactData),
  metadata_: orNull(s.record(s.string())),
  flow_run_id: orNull(s.uuid()),
  task_run_id: orNull(s.uuid()),
});
export type ArtifactCollection = s.Infer<typeof ArtifactCollection>;

export const ArtifactCreate = s.object(
  "ArtifactCreate",
  {
    key: s.optional(s.nullable(dashedName("Artifact key"))),
    type: s.optional(s.nullable(s.string())),
    description: s.optional(s.nullable(s.string())),
    data: s.optional(s.nullable(artifactData)),
    metadata_: s.optional(s.nullable(metadata)),
    flow_run_id: s.optional(s.nullable(s.uuid())),
    task_run_id: s.optional(s.nullable(s.uuid())),
  },
  { extra: "forbid" },
);
export type ArtifactCreate = s.Infer<typeof ArtifactCreate>;

export const ArtifactUpdate = s.object(
  "ArtifactUpdate",
  {
    data: s.optional(s.nullable(artifactData)),
    description: s.optional(s.nullable(s.string())),
    metadata_: s.optional(s.nullable(metadata)),
  },
  { extra: "forbid" },
);
export type ArtifactUpdate = s.Infer<typeof ArtifactUpdate>;
