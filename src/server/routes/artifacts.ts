import {
  countArtifactCollections,
  findArtifactCollection,
  listArtifactCollections,
  updateLatestArtifact,
} from "../../db/repositories/artifact-collections.ts";
import { countArtifacts, findArtifact, listArtifacts, updateArtifact } from "../../db/repositories/artifacts.ts";
import * as s from "../../kit/schema/schema.ts";
import { Artifact, ArtifactCollection, ArtifactCreate, ArtifactUpdate } from "../../schemas/artifact.ts";
import { ArtifactCollectionFilter } from "../../schemas/filters/artifact-collection-filter.ts";
import { ArtifactFilter } from "../../schemas/filters/artifact-filter.ts";
import { DeploymentFilter } from "../../schemas/filters/deployment-filter.ts";
import { FlowFilter } from "../../schemas/filters/flow-filter.ts";
import { FlowRunFilter } from "../../schemas/filters/flow-run-filter.ts";
import { TaskRunFilter } from "../../schemas/filters/task-run-filter.ts";
import { ArtifactCollectionSort, ArtifactSort } from "../../schemas/sorting.ts";
import { createArtifact, removeArtifact } from "../artifacts.ts";
import { parts } from "../body-parts.ts";
import { ArtifactNotFound } from "../errors.ts";
import { slice, sliceParts } from "../paging.ts";
import { Reply, type Route, route } from "../route.ts";
import { artifactCollectionView, artifactView } from "../views/artifact.ts";

const tag = "Artifacts";

const runFilters = {
  flow_runs: s.optional(FlowRunFilter),
  task_runs: s.optional(TaskRunFilter),
  flows: s.optional(FlowFilter),
  deployments: s.optional(DeploymentFilter),
} as const;
const filters = { artifacts: s.optional(ArtifactFilter), ...runFilters } as const;
const latestFilters = { artifacts: s.optional(ArtifactCollectionFilter), ...runFilters } as const;

export const artifactRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/artifacts/",
    operationId: "create_artifact_artifacts__post",
    tag,
    summary: "Create an artifact, which becomes the newest of its key.",
    body: ArtifactCreate,
    response: Artifact,
    // The document says 200, as the reference's does; both answer 201.
    handle: async (ctx, { body }) => new Reply(201, artifactView(await createArtifact(ctx, body))),
  }),

  route({
    method: "POST",
    path: "/artifacts/filter",
    operationId: "read_artifacts_artifacts_filter_post",
    tag,
    summary: "List artifacts.",
    body: parts("Body_read_artifacts_artifacts_filter_post", {
      limit: sliceParts.limit,
      sort: s.defaulted(ArtifactSort, "ID_DESC"),
      offset: sliceParts.offset,
      ...filters,
    }),
    response: s.array(Artifact),
    async handle(ctx, { body }) {
      const rows = await listArtifacts(ctx.db.read, body, { sort: body.sort, ...slice(ctx, body) });
      return rows.map(artifactView);
    },
  }),

  route({
    method: "POST",
    path: "/artifacts/latest/filter",
    operationId: "read_latest_artifacts_artifacts_latest_filter_post",
    tag,
    summary: "List the newest artifact of each key.",
    body: parts("Body_read_latest_artifacts_artifacts_latest_filter_post", {
      limit: sliceParts.limit,
      sort: s.defaulted(ArtifactCollectionSort, "ID_DESC"),
      offset: sliceParts.offset,
      ...latestFilters,
    }),
    response: s.array(ArtifactCollection),
    async handle(ctx, { body }) {
      const rows = await listArtifactCollections(ctx.db.read, body, { sort: body.sort, ...slice(ctx, body) });
      return rows.map(artifactCollectionView);
    },
  }),

  route({
    method: "POST",
    path: "/artifacts/count",
    operationId: "count_artifacts_artifacts_count_post",
    tag,
    summary: "Count artifacts.",
    body: parts("Body_count_artifacts_artifacts_count_post", filters),
    response: s.integer(),
    handle: (ctx, { body }) => countArtifacts(ctx.db.read, body),
  }),

  route({
    method: "POST",
    path: "/artifacts/latest/count",
    operationId: "count_latest_artifacts_artifacts_latest_count_post",
    tag,
    summary: "Count the keys of artifacts.",
    body: parts("Body_count_latest_artifacts_artifacts_latest_count_post", latestFilters),
    response: s.integer(),
    handle: (ctx, { body }) => countArtifactCollections(ctx.db.read, body),
  }),

  route({
    method: "GET",
    path: "/artifacts/{id:uuid}",
    operationId: "read_artifact_artifacts__id__get",
    tag,
    summary: "Read one artifact.",
    response: Artifact,
    async handle(ctx, { params }) {
      const row = await findArtifact(ctx.db.read, params.id);
      if (!row) throw ArtifactNotFound();
      return artifactView(row);
    },
  }),

  route({
    method: "GET",
    path: "/artifacts/{key}/latest",
    operationId: "read_latest_artifact_artifacts__key__latest_get",
    tag,
    summary: "Read the newest artifact of a key; its id is that of the key's collection.",
    response: Artifact,
    async handle(ctx, { params }) {
      const row = await findArtifactCollection(ctx.db.read, params.key ?? "");
      if (!row) throw ArtifactNotFound();
      return artifactView(row);
    },
  }),

  route({
    method: "PATCH",
    path: "/artifacts/{id:uuid}",
    operationId: "update_artifact_artifacts__id__patch",
    tag,
    summary: "Change an artifact.",
    body: ArtifactUpdate,
    status: 204,
    async handle(ctx, { params, body }) {
      const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
      const changes = {
        ...(body.description === undefined ? {} : { description: body.description }),
        ...(body.data === undefined ? {} : { data: text(body.data) }),
        ...(body.metadata_ === undefined ? {} : { metadata_: text(body.metadata_) }),
        updated: ctx.db.dialect.timestamp(ctx.clock.now()),
      };
      const isKnown = await ctx.db.write(async (tx) => {
        await updateLatestArtifact(tx, params.id, changes);
        return updateArtifact(tx, params.id, changes);
      });
      if (!isKnown) throw ArtifactNotFound();
    },
  }),

  route({
    method: "DELETE",
    path: "/artifacts/{id:uuid}",
    operationId: "delete_artifact_artifacts__id__delete",
    tag,
    summary: "Delete an artifact; the one before it becomes the newest of its key.",
    status: 204,
    async handle(ctx, { params }) {
      const wasKnown = await removeArtifact(ctx, params.id);
      if (!wasKnown) throw ArtifactNotFound();
    },
  }),
];
