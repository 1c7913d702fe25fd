import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createClient } from "../../../src/client/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import { temporaryFolder } from "../../support/disposable.ts";
import { runCommand } from "../../support/prefect-cli.ts";

const FLOW = `
import { flow } from "prefect";
export const hello = flow({ description: "greets" }, function hello(name: string, times = 2) { return name.repeat(times); });
`;

const FULL = `
deployments:
  - name: one
    entrypoint: hello.ts:hello
    tags: [file]
    parameters: {name: Ada}
    schedules:
      - {cron: "0 2 * * *"}
      - {interval: 3600}
    concurrency_limit: 2
    triggers: [{expect: [ping]}]
    work_pool: {name: mine, work_queue_name: fast, job_variables: {a: 1, b: 2}}
`;
const BARE = `
deployments:
  - {name: one, entrypoint: "hello.ts:hello", work_pool: {name: mine}}
`;
const EMPTY = `
deployments:
  - name: one
    entrypoint: hello.ts:hello
    tags: []
    parameters: {}
    schedules: []
    concurrency_limit: null
    triggers: []
    work_pool: {name: mine, job_variables: {}}
`;

async function arrange() {
  const server = await startTestServer();
  const home = await temporaryFolder();
  const client = createClient({ apiUrl: server.apiUrl });
  await client.workPools.create({ name: "mine", type: "process" });
  await writeFile(join(home.path, "hello.ts"), FLOW);
  const env = { PREFECT_API_URL: server.apiUrl, GIT_CEILING_DIRECTORIES: "/" };
  return {
    client,
    deploy: async (file: string, ...args: string[]) => {
      await writeFile(join(home.path, "prefect.yaml"), file);
      const ended = await runCommand(["deploy", ...args], { home: home.path, env });
      expect(ended.stderr).toBe("");
      expect(ended.code).toBe(0);
      return ended.stdout;
    },
    read: () => client.deployments.readByName("hello", "one"),
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

test("a TypeScript flow is deployed with what its code says", async () => {
  await using at = await arrange();

  await at.deploy(BARE);

  expect(await at.read()).toMatchObject({
    description: "greets",
    entrypoint: "hello.ts:hello",
    version: expect.stringMatching(/^[0-9a-f]{32}$/),
    parameter_openapi_schema: { type: "object", required: ["name"] },
    pull_steps: [{ "prefect.deployments.steps.set_working_directory": { directory: expect.any(String) } }],
    path: null,
    enforce_parameter_schema: true,
  });
}, 60_000);

test("what the file does not say is kept, and a paused schedule stays paused", async () => {
  await using at = await arrange();
  await at.deploy(FULL);
  const before = await at.read();
  const automations = () => at.client.automations.listRelated(`prefect.deployment.${before.id}`);
  const [cron] = before.schedules.filter(({ schedule }) => "cron" in schedule);
  await at.client.deployments.updateSchedule(before.id, cron?.id ?? "", { active: false });
  await at.client.deployments.update(before.id, { tags: ["by hand"] });

  await at.deploy(BARE);
  const bare = await at.read();
  await at.deploy(FULL);
  const full = await at.read();

  const times = ({ schedules }: typeof before) =>
    schedules.map(({ schedule, active }) => [JSON.stringify(schedule), active]).toSorted();
  expect(bare).toMatchObject({ tags: ["by hand"], parameters: { name: "Ada" }, work_queue_name: "fast" });
  expect(bare.job_variables).toEqual({ a: 1, b: 2 });
  expect(bare.global_concurrency_limit).toMatchObject({ limit: 2 });
  expect(full.tags).toEqual(["file"]);
  expect(times(full)).toEqual(times({ ...before, schedules: bare.schedules }));
  expect(times(full)).toEqual(
    expect.arrayContaining([
      [expect.stringContaining("0 2 * * *"), false],
      [expect.stringContaining("3600"), true],
    ]),
  );
  expect(await automations()).toHaveLength(1);
}, 90_000);

test("schedules that do not change keep their ids", async () => {
  await using at = await arrange();
  await at.deploy(FULL);
  const before = await at.read();

  await at.deploy(FULL.replace("[file]", "[other]"));

  const after = await at.read();
  const ids = ({ schedules }: typeof before) => schedules.map(({ id }) => id).toSorted();
  expect(after.tags).toEqual(["other"]);
  expect(ids(after)).toEqual(ids(before));
}, 60_000);

test("what is empty in the file is taken away", async () => {
  await using at = await arrange();
  await at.deploy(FULL);

  await at.deploy(EMPTY);

  const { id, ...after } = await at.read();
  expect(after).toMatchObject({ tags: [], parameters: {}, schedules: [], job_variables: {} });
  expect(after.global_concurrency_limit).toBeNull();
  expect(await at.client.automations.listRelated(`prefect.deployment.${id}`)).toEqual([]);
}, 60_000);

test("job variables of the command line are added to those of the file", async () => {
  await using at = await arrange();

  await at.deploy(FULL, "-jv", "b=3", "-jv", '{"c": 4}');

  expect((await at.read()).job_variables).toEqual({ a: 1, b: "3", c: 4 });
}, 60_000);

test("a diff shows what would change, and changes nothing", async () => {
  await using at = await arrange();
  await at.deploy(FULL);
  const before = await at.read();

  const same = await at.deploy(FULL, "--diff");
  const other = await at.deploy(FULL, "--diff", "-t", "new", "--param", "name=Bob", "--cron", "1 1 * * *");

  expect(same).toContain("hello/one: nothing would change.");
  expect(other).toContain('  - tags: ["file"]\n  + tags: ["new"]\n');
  expect(other).toContain('  - parameters.name: "Ada"\n  + parameters.name: "Bob"\n');
  expect(other).toContain("1 1 * * *");
  expect(await at.read()).toEqual(before);
}, 90_000);

test("a Python flow without a Python ends with 1 and says what is missing", async () => {
  await using home = await temporaryFolder();
  await using server = await startTestServer();
  await writeFile(join(home.path, "flows.py"), "");
  const client = createClient({ apiUrl: server.apiUrl });
  await client.workPools.create({ name: "mine", type: "process" });
  client[Symbol.dispose]();
  const env = { PATH: home.path, VIRTUAL_ENV: "", CONDA_PREFIX: "", PREFECT_API_URL: server.apiUrl };

  const ended = await runCommand(["deploy", "flows.py:f", "-n", "x", "-p", "mine"], { home: home.path, env });

  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain("The flow flows.py:f needs Python, and none was found");
}, 30_000);
