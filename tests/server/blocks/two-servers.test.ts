import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { generateFernetKey } from "../../../src/kit/fernet.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { startServer } from "../../../src/server/main.ts";
import { loadSettings } from "../../../src/settings/index.ts";
import { requestPatiently } from "../../compare/api.ts";
import { type DatabaseKind, startReference } from "../../support/reference.ts";
import { databaseRequirements, missing } from "../../support/require.ts";

type Row = Readonly<Record<string, unknown>>;
type Call = (method: string, path: string, body?: object) => Promise<unknown>;
const databases: readonly DatabaseKind[] = ["sqlite", "postgresql"];

describe.each(databases)("our server and the reference on the same %s database", (database) => {
  describe.skipIf(missing("reference-3.9.1", ...databaseRequirements(database)))("with the reference there", () => {
    test.each([
      ["the reference has made the key", "theirs"],
      ["we have made the key", "ours"],
      ["the key is given to both", "given"],
    ] as const)(
      "read each other's documents when %s",
      async (_title, first) => {
        await using both = await startBoth(database, first === "given");
        const [a, b] = first === "theirs" ? [both.theirs, both.ours] : [both.ours, both.theirs];

        const one = await createSecret(a, { name: "one", value: "first" });
        const two = await createSecret(b, { name: "two", value: { inner: ["ü", 1.5] } });
        await b("PATCH", `/block_documents/${one}`, { data: { value: "changed" } });

        const seen = await Promise.all([a, b].map((call) => readAll(call, [one, two])));
        expect(seen[0]).toEqual(seen[1]);
        expect(seen[0]?.map((document) => document.data)).toEqual([
          { value: "changed" },
          { value: { inner: ["ü", 1.5] } },
        ]);
      },
      120_000,
    );

    test("show the same built-in types and schemas", async () => {
      await using both = await startBoth(database, false);

      for (const [path, key] of [
        ["/block_types/filter", "slug"],
        ["/block_schemas/filter", "checksum"],
      ] as const) {
        const [theirs = [], ours = []] = await Promise.all(
          [both.theirs, both.ours].map(async (call) => sortedBy((await call("POST", path, {})) as Row[], key)),
        );
        expect(ours.length).toBeGreaterThan(40);
        expect(ours).toEqual(theirs);
      }
    }, 120_000);
  });
});

async function startBoth(database: DatabaseKind, isKeyGiven: boolean) {
  const key = isKeyGiven ? { PREFECT_SERVER_ENCRYPTION_KEY: generateFernetKey() } : {};
  const reference = await startReference({ database, env: key });
  const home = tmpdir();
  const env = {
    ...key,
    PREFECT_HOME: home,
    PREFECT_PROFILES_PATH: `${home}/no-such-profiles.toml`,
    PREFECT_SERVER_DATABASE_CONNECTION_URL: reference.databaseUrl,
    PREFECT_SERVER_DATABASE_MIGRATE_ON_START: "false",
    PREFECT_SERVER_REGISTER_BLOCKS_ON_START: "false",
  };
  const settings = loadSettings({ env, cwd: home, homeDir: home });
  const ours = await startServer({ settings, log: silentLogger, host: "127.0.0.1", port: 0, services: false });
  return {
    // Its services lock each other out on SQLite.
    theirs: caller(reference.apiUrl, requestPatiently),
    ours: caller(ours.apiUrl, fetch),
    async [Symbol.asyncDispose]() {
      await ours.stop();
      await reference[Symbol.asyncDispose]();
    },
  };
}

function caller(apiUrl: string, request: typeof requestPatiently): Call {
  return async (method, path, body) => {
    const headers = { "content-type": "application/json" };
    const response = await request(apiUrl + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} from ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
}

async function createSecret(
  call: Call,
  document: { readonly name: string; readonly value: unknown },
): Promise<unknown> {
  const type = (await call("GET", "/block_types/slug/secret")) as Row;
  const filter = { block_schemas: { block_type_id: { any_: [type.id] } } };
  const [schema] = (await call("POST", "/block_schemas/filter", filter)) as Row[];
  const { name, value } = document;
  const ids = { block_type_id: type.id, block_schema_id: schema?.id };
  return ((await call("POST", "/block_documents/", { name, data: { value }, ...ids })) as Row).id;
}

async function readAll(call: Call, ids: readonly unknown[]): Promise<readonly Row[]> {
  return Promise.all(ids.map(async (id) => (await call("GET", `/block_documents/${id}?include_secrets=true`)) as Row));
}

function sortedBy(rows: readonly Row[], key: string): readonly Row[] {
  return rows.toSorted((left, right) => (String(left[key]) < String(right[key]) ? -1 : 1));
}
