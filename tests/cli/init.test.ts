import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { temporaryFolder } from "../support/disposable.ts";
import { runCommand } from "../support/prefect-cli.ts";

async function arrange() {
  const home = await temporaryFolder();
  return {
    path: home.path,
    init: (...args: string[]) =>
      runCommand(["init", ...args], { home: home.path, env: { GIT_CEILING_DIRECTORIES: "/" } }),
    file: async () => parse(await readFile(join(home.path, "prefect.yaml"), "utf8")),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

test("a folder without anything gets the local recipe, and keeps it the second time", async () => {
  await using at = await arrange();

  const first = await at.init("--name", "mine");
  const made = await at.file();
  const second = await at.init("--name", "other");

  expect(first.stdout).toContain("prefect.yaml");
  expect(made).toMatchObject({
    name: "mine",
    build: null,
    pull: [{ "prefect.deployments.steps.set_working_directory": { directory: at.path } }],
    deployments: [{ name: null, tags: [], schedule: {} }],
  });
  expect(second.stdout).toContain("no new files created");
  expect(await at.file()).toEqual(made);
}, 30_000);

test("a repository with a Dockerfile gets both, when told what they need", async () => {
  await using at = await arrange();
  const git = (...args: string[]) => execFileSync("git", args, { cwd: at.path });
  git("init", "--quiet", "-b", "main");
  git("remote", "add", "origin", "https://example.com/me/code.git");
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--allow-empty", "-m", "x");
  await writeFile(join(at.path, "Dockerfile"), "");

  const refused = await at.init();
  const made = await at.init("-f", "image_name=me/image", "--field", "tag=1");

  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("image_name") });
  expect(made.code).toBe(0);
  expect(await at.file()).toMatchObject({
    build: [
      { "prefect_docker.deployments.steps.build_docker_image": { image_name: "me/image", dockerfile: "Dockerfile" } },
    ],
    pull: [
      { "prefect.deployments.steps.git_clone": { repository: "https://example.com/me/code.git", branch: "main" } },
    ],
    deployments: [{ work_pool: { job_variables: { image: "{{ build_image.image }}" } } }],
  });
}, 30_000);

test("an unknown recipe is refused", async () => {
  await using at = await arrange();

  expect(await at.init("--recipe", "nope")).toMatchObject({ code: 1, stderr: expect.stringContaining("docker-s3") });
}, 30_000);
