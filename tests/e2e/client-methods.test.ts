import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parseJson } from "../../src/kit/json.ts";
import { startTestServer } from "../../src/testing/index.ts";
import type { Exchange } from "../compare/api.ts";
import { differences } from "../compare/compare.ts";
import { type Normalised, normalise } from "../compare/normalise.ts";
import { startQuietReference } from "../compare/recording.ts";
import { temporaryFolder } from "../support/disposable.ts";
import { postgresUrl } from "../support/postgres.ts";
import { cached, cleanEnvironment } from "../support/python.ts";
import type { DatabaseKind } from "../support/reference.ts";
import { CLIENT_VERSIONS, type ReferenceVersion, referencePython } from "../support/reference-paths.ts";
import { databaseRequirements, missing } from "../support/require.ts";

/** What one call of a method came to. */
interface Call {
  readonly client: "async" | "sync";
  readonly method: string;
  /** The call is made to be refused. */
  readonly refused: boolean;
  readonly value?: unknown;
  readonly error?: { readonly class: string; readonly text: string };
}

interface Outcome {
  readonly calls: readonly Call[];
  /** Public methods without a call. */
  readonly uncalled: readonly string[];
  readonly normalised: readonly Normalised[];
}

const FOLDER = join(import.meta.dirname, "client-methods");
const RUN_TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const databases: readonly DatabaseKind[] = ["sqlite", "postgresql"];
const run = promisify(execFile);

describe.each(CLIENT_VERSIONS)("the methods of the Python client %s", (version) => {
  describe.skipIf(missing(`reference-${version}`, "reference-3.9.1"))("with the reference", () => {
    test(
      "are all called",
      async () => {
        const { uncalled, calls } = await onReference(version);

        expect(uncalled).toEqual([]);
        if (version !== "3.9.1") return;
        expect(calls.filter(({ refused, error }) => refused !== (error !== undefined))).toEqual([]);
      },
      2 * RUN_TIMEOUT_MS,
    );

    test.each(databases)(
      "come to the same with our server on %s",
      { timeout: 2 * RUN_TIMEOUT_MS },
      async (database) => {
        const lacks = missing(...databaseRequirements(database));
        if (lacks) return;
        const expected = await onReference(version);
        await using server = await startTestServer({ database, postgresUrl: postgresUrl() });

        const difference = differences((await callAll(version, server)).normalised, expected.normalised);

        if (difference !== "") expect.fail(difference);
      },
    );
  });
});

async function onReference(version: ReferenceVersion): Promise<Outcome> {
  const text = await cached(`client-methods-${version}-${harnessHash()}.json`, async () => {
    await using server = await startQuietReference("sqlite");
    const outcome = await callAll(version, server);
    // Its own services lock its SQLite file; nothing to keep.
    expect(outcome.calls.filter(({ error }) => error?.text.includes("503 Service Unavailable"))).toEqual([]);
    return JSON.stringify(outcome);
  });
  return JSON.parse(text) as Outcome;
}

async function callAll(version: ReferenceVersion, server: { readonly url: string; readonly apiUrl: string }) {
  await using home = await temporaryFolder("prefect-test-client-");
  const { stdout } = await run(referencePython(version), ["main.py"], {
    cwd: FOLDER,
    timeout: RUN_TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    env: cleanEnvironment({
      PREFECT_HOME: home.path,
      PREFECT_API_URL: server.apiUrl,
      PYTHONDONTWRITEBYTECODE: "1",
      DO_NOT_TRACK: "1",
    }),
  });
  const { calls, uncalled } = parseJson(stdout.trim().split("\n").at(-1) ?? "") as Omit<Outcome, "normalised">;
  return { calls, uncalled, normalised: normalise(calls.map(exchangeOf), server.url) };
}

function exchangeOf({ client, method, value, error }: Call): Exchange {
  return {
    title: `${client} ${method}`,
    requestBody: undefined,
    status: error === undefined ? 200 : 400,
    headers: {},
    body: error ?? value,
    options: { unordered: ["body"] },
  };
}

function harnessHash(): string {
  const hash = createHash("sha256");
  const files = ["client-methods.test.ts", "client-methods/main.py", "client-methods/calls.py"];
  for (const file of [...files, "../compare/normalise.ts"]) hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest("hex").slice(0, 16);
}
