import type { Json } from "../../domain/blocks/block-definitions.ts";
import { isRecord } from "../../kit/schema/schema.ts";
import { builtinBlocks } from "../blocks/builtin/all-blocks.ts";
import { type BuiltinSchema, builtinSchemas } from "../blocks/builtin/builtin-block.ts";
import { titled } from "../blocks/builtin/shapes.ts";
import type { WorkerMetadata } from "./worker-metadata.ts";
import { azureContainerInstanceWorker } from "./workers/azure-container-instance-worker.ts";
import { cloudRunV2Worker } from "./workers/cloud-run-v2-worker.ts";
import { cloudRunWorker } from "./workers/cloud-run-worker.ts";
import { dockerWorker } from "./workers/docker-worker.ts";
import { ecsWorker } from "./workers/ecs-worker.ts";
import { kubernetesWorker } from "./workers/kubernetes-worker.ts";
import { processWorker } from "./workers/process-worker.ts";
import { vertexAiWorker } from "./workers/vertex-ai-worker.ts";

const WORKERS: readonly WorkerMetadata[] = [
  processWorker,
  ecsWorker,
  azureContainerInstanceWorker,
  dockerWorker,
  cloudRunWorker,
  cloudRunV2Worker,
  vertexAiWorker,
  kubernetesWorker,
];

/** The views of the registry of collections: nothing is fetched, what is not known here is empty. */
export const views: ReadonlyMap<string, () => Json> = new Map([
  ["aggregate-worker-metadata", workerMetadata],
  ["aggregate-block-metadata", blockMetadata],
  ["aggregate-flow-metadata", () => ({})],
  ["demo-flows", () => ({})],
]);

function workerMetadata(): Json {
  const schemas = builtinSchemas(builtinBlocks);
  const byCollection = Map.groupBy(WORKERS, ({ collection }) => collection);
  const entries = [...byCollection].map(([collection, workers]) => [
    collection,
    Object.fromEntries(workers.map((worker) => [worker.type, workerView(worker, schemas)])),
  ]);
  return Object.fromEntries(entries);
}

function workerView(worker: WorkerMetadata, schemas: ReadonlyMap<string, BuiltinSchema>): Json {
  const { type, description, displayName: display_name, collection, jobConfiguration, required } = worker;
  const definitions = definitionsFor(worker, schemas);
  const variables = {
    type: "object",
    properties: titled(worker.variables),
    ...(required ? { required } : {}),
    ...(Object.keys(definitions).length === 0 ? {} : { definitions }),
  };
  return {
    default_base_job_configuration: { job_configuration: jobConfiguration, variables },
    description,
    display_name,
    documentation_url: worker.documentationUrl,
    install_command: `pip install ${collection}`,
    is_beta: false,
    logo_url: logo(display_name),
    type,
  };
}

function definitionsFor(
  { blocks = [], definitions: own }: WorkerMetadata,
  schemas: ReadonlyMap<string, BuiltinSchema>,
): Json {
  const ofBlocks = blocks.map((slug) => {
    const { definitions, ...fields } = schemas.get(slug)?.fields ?? {};
    return { ...(isRecord(definitions) ? definitions : {}), [String(fields.title)]: fields };
  });
  return Object.assign({}, own, ...ofBlocks) as Json;
}

/** The initial on a disc: a picture that needs no network and nobody's permission. */
function logo(name: string): string {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20" fill="#334155"/>' +
    '<text x="20" y="27" font-family="sans-serif" font-size="20" fill="#fff" text-anchor="middle">' +
    `${name.charAt(0)}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function blockMetadata(): Json {
  const schemas = builtinSchemas(builtinBlocks);
  const byCollection = Map.groupBy(builtinBlocks, ({ collection }) => collection);
  const entries = [...byCollection].map(([collection, blocks]) => {
    const types = blocks.map(({ slug, name, description, capabilities = [], version }) => {
      const { fields, checksum } = schemas.get(slug) ?? {};
      const block_schema = { checksum, fields, capabilities, version };
      const shown = { name, slug, logo_url: null, documentation_url: null, description, code_example: null };
      return [slug, { ...shown, block_schema }];
    });
    return [collection, { block_types: Object.fromEntries(types) }];
  });
  return Object.fromEntries(entries);
}
