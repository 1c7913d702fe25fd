import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type PostgresServer, postgresUrl, startPostgres } from "./support/postgres.ts";
import { CLIENT_VERSIONS, referenceFolder } from "./support/reference-paths.ts";
import { type Missing, publishMissing } from "./support/require.ts";

const ROOT = join(import.meta.dirname, "..");

/** Finds or makes what the tests need: Node 24, PostgreSQL, the reference's virtual environments. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  requireNode();
  if (process.env.PREFECT_TS_TEST_MISSING !== undefined) return undefined; // the other project's set-up has run
  const missing: Missing = { ...missingReferences() };
  const postgres = await tryPostgres(missing);
  publishMissing(missing);
  return postgres && (async () => postgres[Symbol.asyncDispose]());
}

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 24 || (major === 24 && minor >= 12)) return;
  throw new Error(
    `The tests need Node 24.12 or newer, this is ${process.version}. Run them with \`npm test\` (it puts the pinned Node of node_modules first), or \`export PATH=$PWD/node_modules/.bin:$PATH\`.`,
  );
}

async function tryPostgres(missing: Missing): Promise<PostgresServer | undefined> {
  if (postgresUrl() !== undefined) return undefined;
  try {
    const server = await startPostgres();
    process.env.PREFECT_TS_TEST_POSTGRES_URL = server.url;
    return server;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    missing.postgresql = `${why} Install it (apt-get install postgresql), or set PREFECT_TS_TEST_POSTGRES_URL.`;
    return undefined;
  }
}

function missingReferences(): Missing {
  const wanted = CLIENT_VERSIONS.filter((version) => !existsSync(join(referenceFolder(version), ".complete")));
  if (wanted.length === 0) return {};
  const made = spawnSync(join(ROOT, "scripts", "setup-reference"), wanted, { stdio: ["ignore", "ignore", "inherit"] });
  if (made.status === 0) return {};
  const how = "scripts/setup-reference failed (see above); it needs python3 with venv, and PyPI.";
  return Object.fromEntries(
    wanted
      .filter((version) => !existsSync(join(referenceFolder(version), ".complete")))
      .map((version) => [`reference-${version}`, how]),
  );
}
