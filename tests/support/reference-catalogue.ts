import { cached, runPython } from "./python.ts";
import { startReference } from "./reference.ts";

export interface ReferenceBlock {
  readonly slug: string;
  readonly name: string;
  readonly collection: string;
  readonly description: string | null;
  readonly code_example: string | null;
  readonly is_protected: boolean;
  readonly version: string;
  readonly capabilities: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Type extends Omit<ReferenceBlock, "collection" | "version" | "capabilities" | "fields"> {
  readonly block_schema: Pick<ReferenceBlock, "version" | "capabilities" | "fields">;
}

/** The block types that a server of 3.9.1 registers on an empty database, each with its own schema. */
export async function referenceBlocks(): Promise<readonly ReferenceBlock[]> {
  const { collections } = (await bundledJson("collection_blocks_data.json")) as {
    readonly collections: Readonly<Record<string, { readonly block_types: Readonly<Record<string, Type>> }>>;
  };
  const ofCollections = Object.entries(collections).flatMap(([collection, { block_types }]) =>
    Object.values(block_types).map(({ block_schema, ...type }) => ({
      ...type,
      ...block_schema,
      is_protected: false,
      collection,
    })),
  );
  const known = new Set(ofCollections.map(({ slug }) => slug));
  return [...ofCollections, ...(await registered()).filter(({ slug }) => !known.has(slug))];
}

async function registered(): Promise<readonly ReferenceBlock[]> {
  const text = await cached("registered-blocks-3.9.1.json", async () => {
    await using server = await startReference();
    const list = async (path: string) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${server.apiUrl}${path}`, { method: "POST", headers, body: "{}" });
      return (await response.json()) as readonly (ReferenceBlock & { readonly block_type: ReferenceBlock })[];
    };
    const schemas = await list("/block_schemas/filter");
    const blocks = schemas.map(({ block_type: type, fields, capabilities, version }) => ({
      ...type,
      collection: "prefect",
      fields,
      capabilities,
      version,
    }));
    return JSON.stringify(blocks);
  });
  return JSON.parse(text) as readonly ReferenceBlock[];
}

/** The bundled metadata of workers: collection, type, metadata. */
export async function referenceWorkers(): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
  const view = await bundledJson("api/collections_data/views/aggregate-worker-metadata.json");
  return view as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A file of the reference's package `prefect.server`. */
async function bundledJson(path: string): Promise<unknown> {
  const code =
    "import sys, importlib.util as u, pathlib; " +
    'folder = pathlib.Path(u.find_spec("prefect").origin).parent / "server"; ' +
    "print((folder / sys.argv[1]).read_text())";
  const text = await cached(`bundled-3.9.1-${path.replaceAll("/", "-")}`, () =>
    runPython("3.9.1", code, { args: [path] }),
  );
  return JSON.parse(text);
}

const TEXTS = new Set(["description", "example"]);

/** A JSON Schema without its texts for people. */
export function withoutTexts(schema: unknown, isNames = false): unknown {
  if (Array.isArray(schema)) return schema.map((each) => withoutTexts(each));
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => isNames || !TEXTS.has(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, withoutTexts(value, !isNames && ["properties", "definitions"].includes(key))]),
  );
}

/** Every description in a value, and what else is a sentence for people. */
export function sentencesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(sentencesOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === "string" && ["description", "code_example"].includes(key) ? sentences(each) : sentencesOf(each),
  );
}

function sentences(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+|\n/)
    .map((each) => each.trim().toLowerCase().replace(/\.$/, ""))
    .filter((each) => each.split(" ").length > 2);
}
