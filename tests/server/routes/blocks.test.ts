import { describe, expect, test } from "vitest";
import { InvalidEncryptionKey } from "../../../src/server/errors.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { forEachServer } from "../../support/for-each-server.ts";

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

interface Answer {
  readonly status: number;
  readonly body: Row;
}

function caller({ apiUrl }: RunningServer) {
  return async (method: string, path: string, body?: object): Promise<Answer> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(apiUrl + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
}

async function withKind(server: RunningServer) {
  const call = caller(server);
  const type = await call("POST", "/block_types/", { name: "A type", slug: "a-type" });
  const fields = { title: "A", secret_fields: ["password"] };
  const schema = await call("POST", "/block_schemas/", { fields, block_type_id: type.body.id });
  const kind = { block_type_id: type.body.id, block_schema_id: schema.body.id };
  const create = async (name: string, data: object) =>
    (await call("POST", "/block_documents/", { name, data, ...kind })).body.id;
  return { call, kind, create };
}

const EMPTY = { env: { PREFECT_SERVER_REGISTER_BLOCKS_ON_START: "false" } };

const reference = (id: string) => ({ $ref: { block_document_id: id } });

forEachServer((start) => {
  test("what a document holds is not readable in the database", async () => {
    await using server = await start(EMPTY);
    const { create } = await withKind(server);
    await create("a", { password: "secret-word", open: "open-word" });

    const rows = await server.ctx.db.read.selectFrom("block_document").select("data").execute();

    expect(rows.map(({ data }) => /word/.test(data))).toEqual([false]);
  });

  test("a document of another key is an error that says what to do, not nonsense", async () => {
    await using server = await start(EMPTY);
    const { call, create } = await withKind(server);
    const id = await create("a", {});
    await server.ctx.db.write((tx) => tx.deleteFrom("configuration").where("key", "=", "ENCRYPTION_KEY").execute());

    const answers = [
      await call("GET", `/block_documents/${id}`),
      await call("PATCH", `/block_documents/${id}`, { data: {} }),
    ];

    expect(answers.map(({ status, body }) => [status, String(body.detail)])).toEqual(
      answers.map(() => [500, expect.stringContaining("PREFECT_SERVER_ENCRYPTION_KEY")]),
    );
  });

  test("of two changes that would make a circle together, one is refused", async () => {
    await using server = await start(EMPTY);
    const { call, create } = await withKind(server);
    const a = await create("a", {});
    const c = await create("c", {});
    const b = await create("b", { to: reference(c) });
    const d = await create("d", { to: reference(a) });

    const answers = await Promise.all([
      call("PATCH", `/block_documents/${a}`, { data: { to: reference(b) } }),
      call("PATCH", `/block_documents/${c}`, { data: { to: reference(d) } }),
    ]);

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400]);
    expect((await call("POST", "/block_documents/filter", {})).status).toBe(200);
  });

  test("documents that would grow beyond all bounds by referring to each other twice are refused", async () => {
    await using server = await start(EMPTY);
    const { call, kind, create } = await withKind(server);
    let last = await create("level-0", {});
    for (let level = 1; level <= 12; level++) {
      last = await create(`level-${level}`, { left: reference(last), right: reference(last) });
    }
    const data = { left: reference(last), right: reference(last) };

    const refused = await call("POST", "/block_documents/", { name: "too-much", data, ...kind });

    expect([refused.status, (await call("POST", "/block_documents/count", {})).body]).toEqual([400, 13]);
  });

  test("a block that has itself inside is refused, and nothing of it is stored", async () => {
    await using server = await start(EMPTY);
    const { call, kind } = await withKind(server);
    const inner = { a: { block_type_slug: "a-type", block_schema_checksum: "unknown" } };
    const own = {
      block_type_slug: "a-type",
      properties: { a: { $ref: "#/definitions/A" } },
      block_schema_references: inner,
    };
    const fields = { ...own, definitions: { A: own } };

    const answer = await call("POST", "/block_schemas/", { fields, block_type_id: kind.block_type_id });

    expect(answer.status).toBe(422);
    expect((await call("POST", "/block_schemas/filter", {})).body).toHaveLength(1);
  });

  test("protected types and their schemas cannot be deleted", async () => {
    await using server = await start(EMPTY);
    const { call, kind } = await withKind(server);
    await server.ctx.db.write((tx) => tx.updateTable("block_type").set({ is_protected: true }).execute());

    const answers = [
      await call("DELETE", `/block_types/${kind.block_type_id}`),
      await call("DELETE", `/block_schemas/${kind.block_schema_id}`),
    ];

    expect(answers).toEqual([
      { status: 403, body: { detail: "protected block types cannot be deleted." } },
      { status: 403, body: { detail: "Block schemas for protected block types cannot be deleted." } },
    ]);
  });

  test("the same schema registered at once by many is stored once", async () => {
    await using server = await start(EMPTY);
    const { call, kind } = await withKind(server);
    const draft = { fields: { title: "B" }, block_type_id: kind.block_type_id };

    const answers = await Promise.all(Array.from({ length: 8 }, () => call("POST", "/block_schemas/", draft)));

    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });
});

describe("a key that cannot be used", () => {
  test.each(["short", "x".repeat(44)])("stops the start (%s)", async (key) => {
    const starting = startTestServer({ env: { PREFECT_SERVER_ENCRYPTION_KEY: key } });

    await expect(starting).rejects.toSatisfy(InvalidEncryptionKey.is);
  });
});
