// Fuzzes our server with schemathesis over our own OpenAPI document, half of the time on each database:
//
//   npm run fuzz -- [--minutes 2] [--seed N]
//
// Fails on an answer that is a 5xx or does not fit its schema. What it needs is made by scripts/setup-schemathesis.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { openApiDocument } from "../../src/server/openapi.ts";
import { routes } from "../../src/server/routes.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { temporaryFolder } from "../support/disposable.ts";
import { startPostgres } from "../support/postgres.ts";
import type { DatabaseKind } from "../support/reference.ts";

const SETUP = join(import.meta.dirname, "..", "..", "scripts", "setup-schemathesis");
const CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance";
const MAX_FAILURES = 20;
const REQUEST_TIMEOUT_SECONDS = 10;

interface Fuzzing {
  readonly program: string;
  readonly document: string;
  readonly apiUrl: string;
  readonly seconds: number;
  readonly seed: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { minutes: { type: "string", default: "2" }, seed: { type: "string" } },
  });
  const seconds = Math.max(1, Math.round((Number(values.minutes) * 60) / 2));
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const program = setUp();
  await using folder = await temporaryFolder("prefect-fuzz-");
  const document = join(folder.path, "openapi.json");
  await writeFile(document, JSON.stringify(promisedDocument()));
  await using postgres = await startPostgres();

  for (const database of ["sqlite", "postgresql"] as const satisfies readonly DatabaseKind[]) {
    process.stdout.write(`\n== ${database}, ${seconds} s, --seed ${seed}\n`);
    await using server = await startTestServer({ database, postgresUrl: postgres.url });
    const exitCode = await fuzz({ program, document, apiUrl: server.apiUrl, seconds, seed });
    if (exitCode !== 0) process.exitCode = 1;
  }
}

/** The path of the program, installed when it is not yet there. */
function setUp(): string {
  const made = spawnSync(SETUP, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  if (made.status !== 0) throw new Error("scripts/setup-schemathesis failed: see above.");
  return made.stdout.trim();
}

/** What is promised of answers that give what was asked for. Refusals have two shapes and the document, as the reference's, one. */
function promisedDocument(): unknown {
  const document = openApiDocument(routes, "3.9.1") as { paths: Record<string, Record<string, Operation>> };
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods)) delete operation.responses["422"];
  }
  return document;
}

interface Operation {
  readonly responses: Record<string, unknown>;
}

async function fuzz({ program, document, apiUrl, seconds, seed }: Fuzzing): Promise<number> {
  const child = spawn(
    program,
    [
      ...["run", document, "--url", apiUrl],
      ...["--checks", CHECKS, "--phases", "coverage,fuzzing,stateful", "--mode", "all"],
      // Not more workers: Python 3.11 compiles now and then wrongly in several threads at once, which it says is an error.
      ...["--max-time", String(seconds), "--seed", String(seed), "--workers", "1", "--warnings", "off"],
      ...["--max-failures", String(MAX_FAILURES), "--continue-on-failure"],
      ...["--request-timeout", String(REQUEST_TIMEOUT_SECONDS), "--generation-database", "none", "--no-color"],
    ],
    // It leaves a cache where it runs.
    { cwd: dirname(document), stdio: ["ignore", "inherit", "inherit"] },
  );
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}

await main();
