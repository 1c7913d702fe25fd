import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { clearDatabase } from "./clear-database.ts";
import { freePort, stopProcess, temporaryFolder, waitUntil } from "./disposable.ts";
import { onPostgres, postgresUrl, withDatabase } from "./postgres.ts";
import { cleanEnvironment, runPython } from "./python.ts";
import { cacheFolder, type ReferenceVersion, referencePython } from "./reference-paths.ts";

export type DatabaseKind = "sqlite" | "postgresql";

export interface ReferenceOptions {
  /** @default "3.9.1" */
  readonly version?: ReferenceVersion;
  /** @default "sqlite" */
  readonly database?: DatabaseKind;
  /** More settings, for example `{ PREFECT_API_SERVICES_LATE_RUNS_ENABLED: "false" }`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The real Prefect server, on its own empty, migrated database with the block types of its release registered. */
export interface ReferenceServer extends AsyncDisposable {
  readonly version: ReferenceVersion;
  readonly database: DatabaseKind;
  /** `http://127.0.0.1:<port>`, and the same with `/api`. */
  readonly url: string;
  readonly apiUrl: string;
  /** As the reference spells it: `sqlite+aiosqlite:////path`, `postgresql+asyncpg://…`. */
  readonly databaseUrl: string;
  /** Deletes every run, deployment, pool … (what registers itself at start stays). */
  clear(): Promise<void>;
  /** The last lines it wrote. */
  log(): string;
}

/** Starts the reference (3-4 s; the first time about 15 s more, to migrate a database that is then kept). */
export async function startReference(options: ReferenceOptions = {}): Promise<ReferenceServer> {
  const { version = "3.9.1", database = "sqlite" } = options;
  const home = await temporaryFolder("prefect-test-reference-");
  try {
    const databaseUrl = await (database === "sqlite"
      ? copySqlite(version, join(home.path, "prefect.db"))
      : clonePostgres(version, `reference_${randomUUID().replaceAll("-", "")}`));
    const server = await launch({ version, home: home.path, databaseUrl, env: options.env ?? {} });
    return {
      version,
      database,
      databaseUrl,
      url: server.url,
      apiUrl: `${server.url}/api`,
      clear: () => clearDatabase(databaseUrl),
      log: server.log,
      async [Symbol.asyncDispose]() {
        await stopProcess(server.child, "SIGTERM");
        await home[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await home[Symbol.asyncDispose]();
    throw error;
  }
}

const MIGRATE = `
import asyncio
from prefect.server.database.dependencies import provide_database_interface
from prefect.server.models.block_registration import run_block_auto_registration

async def main():
    db = provide_database_interface()
    await db.create_db()
    async with await db.session() as session:
        await run_block_auto_registration(session=session)
        await session.commit()
    await (await db.engine()).dispose()

asyncio.run(main())
`;

async function migrate(version: ReferenceVersion, databaseUrl: string): Promise<void> {
  await runPython(version, MIGRATE, { env: { PREFECT_API_DATABASE_CONNECTION_URL: databaseUrl } });
}

/** A migrated SQLite file of that release, kept in the cache folder: copy it, do not open it. */
export async function migratedSqlite(version: ReferenceVersion): Promise<string> {
  const kept = join(cacheFolder(), "databases", `reference-${version}.db`);
  if (existsSync(kept)) return kept;
  await mkdir(dirname(kept), { recursive: true });
  // Two tests may make it at the same time: each writes its own file, the last rename wins.
  const unfinished = `${kept}.${randomUUID()}`;
  await migrate(version, sqliteUrl(unfinished));
  await rename(unfinished, kept);
  return kept;
}

async function copySqlite(version: ReferenceVersion, path: string): Promise<string> {
  await copyFile(await migratedSqlite(version), path);
  return sqliteUrl(path);
}

function sqliteUrl(path: string): string {
  return `sqlite+aiosqlite:///${path}`;
}

async function clonePostgres(version: ReferenceVersion, name: string): Promise<string> {
  const server = postgresUrl();
  if (server === undefined)
    throw new Error("There is no PostgreSQL for tests: see the message at the start of the run.");
  const template = `reference_${version.replaceAll(".", "_")}_template`;
  await onPostgres(server, async (client) => {
    // One worker migrates the template, the others wait for it.
    await client.query("select pg_advisory_lock(4391)");
    const found = await client.query("select 1 from pg_database where datname = $1", [template]);
    if (found.rowCount === 0) {
      await client.query(`create database ${template}_unfinished`);
      await migrate(version, asyncpgUrl(withDatabase(server, `${template}_unfinished`)));
      await client.query(`alter database ${template}_unfinished rename to ${template}`);
    }
    await client.query(`create database ${name} template ${template}`);
  });
  return asyncpgUrl(withDatabase(server, name));
}

function asyncpgUrl(url: string): string {
  return url.replace("postgresql://", "postgresql+asyncpg://");
}

async function launch(options: {
  readonly version: ReferenceVersion;
  readonly home: string;
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<{ readonly url: string; readonly child: ChildProcess; log(): string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = cleanEnvironment({
    PREFECT_HOME: options.home,
    PREFECT_API_DATABASE_CONNECTION_URL: options.databaseUrl,
    PREFECT_API_DATABASE_MIGRATE_ON_START: "false",
    PREFECT_API_BLOCKS_REGISTER_ON_START: "false",
    PREFECT_UI_ENABLED: "false",
    PREFECT__SERVER_FINAL: "1",
    ...options.env,
  });
  const serve = ["--factory", "prefect.server.api.server:create_app", "--host", "127.0.0.1", "--port", String(port)];
  const child = spawn(
    referencePython(options.version),
    ["-m", "uvicorn", ...serve, "--log-level", "warning", "--timeout-keep-alive", "600"],
    {
      env,
      cwd: options.home,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const killOnExit = () => child.kill("SIGKILL");
  process.once("exit", killOnExit);
  child.once("exit", () => process.off("exit", killOnExit));
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-20_000);
    });
  }
  await waitUntil(
    "the reference server answers",
    async () => {
      if (child.exitCode !== null) throw new Error(`The reference server ended with ${child.exitCode}:\n${log}`);
      return (await fetch(`${url}/api/health`).catch(() => undefined))?.ok;
    },
    { timeoutMs: 60_000, intervalMs: 100 },
  );
  return { url, child, log: () => log };
}
