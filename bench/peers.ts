import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, stopProcess, temporaryFolder, waitUntil } from "../tests/support/disposable.ts";
import { onPostgres, startPostgres, withDatabase } from "../tests/support/postgres.ts";
import { referenceFolder } from "../tests/support/reference-paths.ts";

export type PeerName = "ours" | "reference";
export type DatabaseName = "sqlite" | "postgresql";

/** A server under measurement, in a process of its own as a user would start it. */
export interface Peer extends AsyncDisposable {
  readonly name: PeerName;
  readonly database: DatabaseName;
  readonly apiUrl: string;
  /** From the start of the process to the first `true` of /health, in seconds. */
  readonly startSeconds: number;
  /** Resident memory now, in MB. */
  memoryMb(): number;
  /** Processor time used so far, to 10 ms. What a machine that others use leaves as it is. */
  cpuMs(): number;
}

/** How each peer is started; both take the reference's command line and settings. */
export const LAUNCHERS: Record<PeerName, string> = {
  ours: join(import.meta.dirname, "..", "bin", "prefect"),
  reference: join(referenceFolder("3.9.1"), "bin", "prefect"),
};

/** A PostgreSQL that keeps its promises (fsync and synchronous commit on), with one empty database for each peer. */
export async function startBenchPostgres(): Promise<AsyncDisposable & { databaseUrl(peer: PeerName): string }> {
  const server = await startPostgres({ durable: true });
  for (const peer of ["ours", "reference"])
    await onPostgres(server.url, (client) => client.query(`create database ${peer}`));
  return {
    databaseUrl: (peer) => withDatabase(server.url, peer),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Starts a peer on an empty database and waits until it is healthy. `postgresUrl` is needed for PostgreSQL. */
export function startPeer(name: PeerName, database: DatabaseName, postgresUrl?: string): Promise<Peer> {
  return launch({ name, database, url: database === "sqlite" ? undefined : postgresUrl, flags: [] });
}

/** Starts a peer on a database that is there, `sqlite:///path` or `postgresql://...`, without the services that change it. */
export function startPeerOn(name: PeerName, url: string): Promise<Peer> {
  const database = url.startsWith("sqlite") ? "sqlite" : "postgresql";
  return launch({ name, database, url, flags: ["--no-services"] });
}

interface Launch {
  readonly name: PeerName;
  readonly database: DatabaseName;
  /** A new SQLite file where there is none. */
  readonly url: string | undefined;
  readonly flags: readonly string[];
}

async function launch({ name, database, url, flags }: Launch): Promise<Peer> {
  const home = await temporaryFolder("prefect-bench-");
  const port = await freePort();
  const connectionUrl = (url ?? `sqlite:///${join(home.path, "prefect.db")}`)
    .replace("sqlite://", "sqlite+aiosqlite://")
    .replace("postgresql://", "postgresql+asyncpg://");
  const started = performance.now();
  const child = spawn(LAUNCHERS[name], ["server", "start", "--host", "127.0.0.1", "--port", String(port), ...flags], {
    env: {
      ...process.env,
      PREFECT_HOME: home.path,
      PREFECT_SERVER_ANALYTICS_ENABLED: "false",
      PREFECT_API_DATABASE_CONNECTION_URL: connectionUrl,
    },
    stdio: "ignore",
  });
  const apiUrl = `http://127.0.0.1:${port}/api`;
  const isHealthy = () =>
    fetch(`${apiUrl}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitUntil(`${name} is healthy`, isHealthy, { timeoutMs: 90_000, intervalMs: 10 });
  const startSeconds = (performance.now() - started) / 1000;
  return {
    name,
    database,
    apiUrl,
    startSeconds,
    memoryMb: () => residentMb(child),
    cpuMs: () => processorMs(child.pid as number),
    async [Symbol.asyncDispose]() {
      await stopProcess(child, "SIGTERM");
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Of the process and its children: a launcher may start the server proper as a child. */
function residentMb({ pid }: ChildProcess): number {
  const pageMb = 4096 / 1_000_000;
  const total = (id: number): number => {
    const pages = Number(readFileSync(`/proc/${id}/statm`, "utf8").split(" ")[1]);
    const children = readFileSync(`/proc/${id}/task/${id}/children`, "utf8").trim().split(" ").filter(Boolean);
    return pages * pageMb + children.reduce((sum, child) => sum + total(Number(child)), 0);
  };
  return total(pid as number);
}

/** Of the process and its children, in user and system mode; Linux counts in hundredths of a second. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  const own = (Number(fields[11]) + Number(fields[12])) * 10;
  return children.reduce((sum, child) => sum + processorMs(Number(child)), own);
}

/** The processor time that a PostgreSQL on this machine has used so far, connections that have ended included. */
export async function postgresCpu(url: string): Promise<() => number> {
  const folder = await onPostgres(url, async (client) => {
    const { rows } = await client.query<{ data_directory: string }>("show data_directory");
    return rows[0]?.data_directory ?? "";
  });
  const [pid] = readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n");
  return () => processorMs(Number(pid)) + endedChildrenMs(Number(pid));
}

function endedChildrenMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
