import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TemporaryFolder, temporaryFolder, waitUntil } from "../support/disposable.ts";
import { findInstallation, type Installation } from "../support/postgres.ts";
import { missing } from "../support/require.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const COMMAND_MS = 120_000;
const REDIS = spawnSync("sh", ["-c", "command -v redis-server"]).status === 0 ? "running" : "stopped";

interface Part {
  readonly name: string;
  readonly state: "running" | "stopped";
  readonly pid: number | null;
  readonly port: number | null;
  readonly url: string;
}

interface Status {
  readonly home: string;
  readonly parts: readonly Part[];
}

type Env = Readonly<Record<string, string>>;

/** The commands beside one another, run by an account that is not root, from folders with spaces in their names. */
describe.skipIf(missing("postgresql"))("prefect-dev", { timeout: COMMAND_MS }, () => {
  let folder: TemporaryFolder;
  let postgres: Installation;

  const at = (...names: string[]) => join(folder.path, "of a user", ...names);
  const homeOf = (name: string) => at(`${name} environment`);

  beforeAll(async () => {
    folder = await temporaryFolder("prefect-dev-");
    postgres = await findInstallation(folder);
    chmodSync(folder.path, 0o755);
    installProduct(at("product"));
    cpSync(join(ROOT, "prefect-dev"), at("prefect-dev"), { recursive: true });
    for (const name of ["home", "elsewhere"]) own(at(name));
  }, COMMAND_MS);

  afterAll(async () => {
    for (const name of ["first", "second", "broken"]) {
      if (existsSync(homeOf(name))) run("reset", { name }, "-y");
    }
    await folder[Symbol.asyncDispose]();
  }, COMMAND_MS);

  function own(path: string): void {
    mkdirSync(path, { recursive: true });
    if (postgres.user !== undefined) chownSync(path, postgres.user.uid, postgres.user.gid);
  }

  /** The sources, what they need, and this very Node: the checkout may be unreadable for another account. */
  function installProduct(product: string): void {
    const packages = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
    const needed = Object.keys(packages).filter(
      (path) => path !== "" && !packages[path].dev && !packages[path].optional,
    );
    for (const path of ["bin", "src", "package.json", ...needed]) {
      cpSync(join(ROOT, path), join(product, path), { recursive: true });
    }
    mkdirSync(join(product, "node"));
    cpSync(process.execPath, join(product, "node", "node"));
  }

  interface Run {
    readonly name: string;
    readonly env?: Env;
    readonly path?: readonly string[];
  }

  function execute(
    program: string,
    args: readonly string[],
    { name, env = {}, path = [] }: Run,
  ): SpawnSyncReturns<string> {
    const places = [
      ...path,
      at("prefect-dev", "bin"),
      at("product", "bin"),
      at("product", "node"),
      postgres.bin,
      "/usr/bin",
      "/bin",
    ];
    return spawnSync(program, args, {
      cwd: at("elsewhere"),
      encoding: "utf8",
      timeout: COMMAND_MS,
      ...postgres.user,
      env: { HOME: at("home"), PREFECT_DEV_HOME: homeOf(name), PATH: places.join(delimiter), ...env },
    });
  }

  function run(command: string, where: Run, ...args: string[]): SpawnSyncReturns<string> {
    return execute(at("prefect-dev", "bin", `prefect-dev-${command}`), args, where);
  }

  /** The state is made by the account that runs the commands. */
  function start(name: string, ...args: string[]): SpawnSyncReturns<string> {
    own(dirname(homeOf(name)));
    return run("start", { name }, ...args);
  }

  function statusOf(name: string): Status & { readonly exit: number | null } {
    const { stdout, status } = run("status", { name }, "--output", "json");
    return { ...(JSON.parse(stdout) as Status), exit: status };
  }

  function part(name: string, wanted: string): Part {
    const found = statusOf(name).parts.find((candidate) => candidate.name === wanted);
    if (found === undefined) throw new Error(`${wanted} is no part of ${name}.`);
    return found;
  }

  const prefect = (name: string, ...args: string[]) => execute(at("product", "bin", "prefect"), args, { name });

  async function flowNames(name: string): Promise<readonly string[]> {
    const answer = await fetch(`${part(name, "server").url}/flows/filter`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    return ((await answer.json()) as { name: string }[]).map((flow) => flow.name);
  }

  test("starts a database and a server, and points a profile at them", async () => {
    const started = start("first", "--no-redis");

    expect(started).toMatchObject({ status: 0, stderr: "" });
    expect(statusOf("first")).toMatchObject({
      exit: 0,
      home: homeOf("first"),
      parts: [
        { name: "postgres", state: "running", pid: expect.any(Number) },
        { name: "redis", state: "stopped", pid: null },
        { name: "server", state: "running", pid: expect.any(Number) },
      ],
    });
    const created = await fetch(`${part("first", "server").url}/flows/`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name: "kept" }),
    });
    expect(created.status).toBe(201);
    expect(prefect("first", "--profile", "dev", "flow", "ls", "--output", "json").stdout).toContain("kept");
  });

  test("leaves alone what runs already", () => {
    const before = statusOf("first");

    expect(start("first", "--no-redis").stdout).toContain("server runs already");
    expect(statusOf("first")).toEqual(before);
  });

  test("has room for a second environment beside the first, with Redis where there is one", () => {
    expect(start("second", "--profile", "other")).toMatchObject({ status: 0 });

    expect(part("second", "redis").state).toBe(REDIS);
    for (const name of ["postgres", "server"]) expect(part("second", name).port).not.toBe(part("first", name).port);
    expect(run("stop", { name: "second" })).toMatchObject({ status: 0 });
    expect(statusOf("second")).toMatchObject({ exit: 3 });
    expect(statusOf("first")).toMatchObject({ exit: 0 });
  });

  test("starts again what was killed, with everything that was there", async () => {
    for (const name of ["server", "postgres"]) process.kill(part("first", name).pid ?? Number.NaN, "SIGKILL");
    await waitUntil("both are gone", () => statusOf("first").parts.every(({ state }) => state === "stopped"));

    expect(start("first", "--no-redis")).toMatchObject({ status: 0 });
    expect(await flowNames("first")).toEqual(["kept"]);
  });

  test("shows the end of each log", () => {
    const { stdout } = run("status", { name: "first" }, "--logs");

    expect(stdout).toContain(`== ${join(homeOf("first"), "server.log")}`);
    expect(stdout).toContain("database system is ready to accept connections");
  });

  test("stops cleanly, and does not take a stranger for its own", () => {
    expect(run("stop", { name: "first" }).stdout).toBe("server stopped.\npostgres stopped.\n");
    // The ids of the dead, given to a process that is alive: this one.
    writeFileSync(join(homeOf("first"), "server.pid"), `${process.pid}\nMon Jan 1 00:00:00 2001\n`);
    writeFileSync(join(homeOf("first"), "postgres", "postmaster.pid"), `${process.pid}\n`);

    expect(statusOf("first")).toMatchObject({ exit: 3 });
    expect(run("stop", { name: "first" })).toMatchObject({ status: 0, stdout: "" });
    expect(start("first", "--no-redis")).toMatchObject({ status: 0 });
  });

  test("cleans up after a start that fails half-way, and says why it did", () => {
    const broken = at("broken");
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, "prefect"), "#!/bin/sh\necho 'no server today' >&2\nexit 1\n");
    chmodSync(join(broken, "prefect"), 0o755);

    const { status, stderr } = run("start", { name: "broken", path: [broken] }, "--no-redis");

    expect(status).toBe(1);
    expect(stderr).toContain("server did not start");
    expect(stderr).toContain("no server today");
    expect(statusOf("broken").parts.map(({ state }) => state)).toEqual(["stopped", "stopped", "stopped"]);
  });

  test("refuses to be two at once in one environment, and takes over from the dead", () => {
    const lock = join(homeOf("broken"), "lock");
    const leaveLock = 'mkdir -p "$1" && echo 2147483646 > "$1/pid"';
    const stopMeanwhile = 'mkdir "$1" && echo $$ > "$1/pid"; prefect-dev-stop; code=$?; rm -r "$1"; exit $code';

    const refused = execute("sh", ["-c", stopMeanwhile, "sh", lock], { name: "broken" });
    execute("sh", ["-c", leaveLock, "sh", lock], { name: "broken" });

    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("another prefect-dev command") });
    expect(run("stop", { name: "broken" })).toMatchObject({ status: 0 });
    expect(existsSync(lock)).toBe(false);
  });

  test("deletes an environment only when told so, and nothing else", () => {
    const unrelated = homeOf("unrelated");
    own(unrelated);

    expect(run("reset", { name: "broken" }).stderr).toContain("give -y");
    expect(existsSync(homeOf("broken"))).toBe(true);
    expect(run("reset", { name: "broken" }, "-y")).toMatchObject({ status: 0 });
    expect(existsSync(homeOf("broken"))).toBe(false);
    expect(run("reset", { name: "unrelated" }, "-y").stdout).toContain("Nothing to reset");
    expect(existsSync(unrelated)).toBe(true);
  });

  test("says what it takes", () => {
    for (const command of ["start", "stop", "status", "reset"]) {
      expect(run(command, { name: "first" }, "--help").stdout).toMatch(`Usage: prefect-dev-${command}`);
      expect(run(command, { name: "first" }, "--unknown")).toMatchObject({ status: 2 });
    }
  });
});
