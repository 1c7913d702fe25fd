import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { builtinBlocks } from "../../../../src/server/blocks/builtin/all-blocks.ts";
import { builtinSchemas } from "../../../../src/server/blocks/builtin/builtin-block.ts";
import { BUILTIN_BLOCKS_HASH } from "../../../../src/server/blocks/builtin/register-builtin-blocks.ts";
import { createApi } from "../../../compare/api.ts";
import { forEachServer } from "../../../support/for-each-server.ts";
import {
  type ReferenceBlock,
  referenceBlocks,
  sentencesOf,
  withoutTexts,
} from "../../../support/reference-catalogue.ts";
import { missing } from "../../../support/require.ts";

const schemas = builtinSchemas(builtinBlocks);
const fields = new Map([...schemas].map(([slug, schema]) => [slug, schema.fields]));
const ON = { env: { PREFECT_SERVER_REGISTER_BLOCKS_ON_START: "true" } };

/** Nested blocks are compared as blocks; the reference's copies may be of older versions of them. */
function own(schema: Readonly<Record<string, unknown>>): unknown {
  const { block_schema_references: references, definitions = {}, ...rest } = schema;
  const slugs = Object.entries(references ?? {}).map(([name, to]) => [
    name,
    [to].flat().map(({ block_type_slug }) => block_type_slug),
  ]);
  const text = JSON.stringify(rest.properties);
  const used = Object.entries(definitions as object).filter(
    ([name, each]) => !("block_type_slug" in each) && text.includes(`"#/definitions/${name}"`),
  );
  return withoutTexts({ ...rest, nested: Object.fromEntries(slugs), definitions: Object.fromEntries(used) });
}

describe.skipIf(missing("reference-3.9.1"))("beside the reference's", () => {
  let reference: readonly ReferenceBlock[] = [];
  beforeAll(async () => {
    reference = await referenceBlocks();
  }, 120_000);

  test("there are the same types", () => {
    const slugs = reference.map(({ slug }) => slug).sort();
    expect(builtinBlocks.map(({ slug }) => slug).sort()).toEqual(slugs);
  });

  test.each(builtinBlocks.map((block) => [block.slug, block] as const))(
    "%s is the same but for its texts",
    (slug, block) => {
      const expected = reference.find((each) => each.slug === slug) as ReferenceBlock;

      const { name, collection, version, isProtected = false, capabilities = [] } = block;
      expect({ name, collection, version, is_protected: isProtected, capabilities: [...capabilities].sort() }).toEqual({
        name: expected.name,
        collection: expected.collection,
        version: expected.version,
        is_protected: expected.is_protected,
        capabilities: [...expected.capabilities].sort(),
      });
      expect(own(fields.get(slug) as object as Record<string, unknown>)).toEqual(own(expected.fields));
    },
  );

  test("no sentence is the reference's", () => {
    const theirs = new Set(sentencesOf(reference));
    expect(sentencesOf([...fields.values()]).filter((each) => theirs.has(each))).toEqual([]);
    expect(sentencesOf(builtinBlocks).filter((each) => theirs.has(each))).toEqual([]);
  });
});

test("every field and every type is described", () => {
  const undescribed = builtinBlocks.flatMap(({ slug, properties }) =>
    Object.entries(properties).flatMap(([name, each]) => (each.description ? [] : [`${slug}.${name}`])),
  );
  expect(undescribed).toEqual([]);
});

test("the hash names what is registered", () => {
  const content = builtinBlocks.map((block) => [block, schemas.get(block.slug)?.checksum]);
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16);

  expect(BUILTIN_BLOCKS_HASH, "set BUILTIN_BLOCKS_HASH to the new hash").toBe(hash);
});

forEachServer((start) => {
  test("a server has them from its start, and once only", async () => {
    await using server = await start(ON);
    const api = createApi(server.apiUrl);

    const types = (await api.post("/block_types/filter")).body as readonly { slug: string; is_protected: boolean }[];
    const registered = (await api.post("/block_schemas/filter")).body as readonly Record<string, unknown>[];

    expect(types.map(({ slug }) => slug).sort()).toEqual(builtinBlocks.map(({ slug }) => slug).sort());
    expect(registered.map(({ checksum }) => checksum).sort()).toEqual(
      [...schemas.values()].map(({ checksum }) => checksum).sort(),
    );
    const definitionsOf = (of: unknown) => Object.keys((of as { definitions?: object }).definitions ?? {}).sort();
    for (const { fields: shown, block_type } of registered) {
      const { slug } = block_type as { readonly slug: string };
      expect(definitionsOf(shown), slug).toEqual(definitionsOf(fields.get(slug)));
    }
  });

  test("what is deleted stays away, and what is there is left as it is", async () => {
    await using server = await start(ON);
    const api = createApi(server.apiUrl);
    const { id } = await api.get("/block_types/slug/smb");
    await api.delete(`/block_types/${id}`);
    const webhook = await api.get("/block_types/slug/webhook");
    await api.patch(`/block_types/${webhook.id}`, { description: "Mine." });

    const { registerBuiltinBlocks } = await import("../../../../src/server/blocks/builtin/register-builtin-blocks.ts");
    await registerBuiltinBlocks(server.ctx);

    expect((await api.get("/block_types/slug/smb")).status).toBe(404);
    await api.post("/block_types/install_system_block_types");
    expect((await api.get("/block_types/slug/webhook")).at("description")).toBe("Mine.");
  });
});
