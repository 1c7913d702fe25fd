import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createClient } from "../../src/client/index.ts";
import { runSteps } from "../../src/steps/run-steps.ts";
import { temporaryFolder } from "../support/disposable.ts";

const BUILD = "prefect_docker.deployments.steps.build_docker_image";
const PUSH = "prefect_docker.deployments.steps.push_docker_image";

/** A program called docker that writes down what it is asked for. */
const DOCKER = `#!/bin/sh
echo "$*" >> calls
[ -n "$DOCKER_CONFIG" ] && echo private >> calls
[ "$1" = login ] && cat >> calls
prev=
for word in "$@"; do
  [ "$prev" = --iidfile ] && echo sha256:abc > "$word"
  [ "$prev" = --file ] && cp "$word" seen
  prev=$word
done
exit 0
`;

async function arrange() {
  const folder = await temporaryFolder();
  await writeFile(join(folder.path, "docker"), DOCKER);
  await chmod(join(folder.path, "docker"), 0o755);
  const client = createClient({ apiUrl: "http://127.0.0.1:9/api", maxRetries: 0 });
  const env = { PATH: `${folder.path}:/usr/bin:/bin` };
  const options = { directory: folder.path, env, client, write: () => undefined, made: new Map() };
  return {
    path: folder.path,
    run: (...steps: object[]) => runSteps(steps, options),
    calls: async () =>
      (await readFile(join(folder.path, "calls"), "utf8")).replaceAll(/--iidfile \S+/g, "--iidfile ID"),
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("an image is built and pushed with all its tags", async () => {
  await using at = await arrange();
  const inputs = { image_name: "me/app", tag: "1", additional_tags: ["latest"], buildargs: { A: "b" }, pull: false };

  const { outputs } = await at.run(
    { [BUILD]: { id: "build", ...inputs, platform: "linux/amd64" } },
    {
      [PUSH]: {
        image_name: "{{ build.image_name }}",
        tag: "{{ build.tag }}",
        additional_tags: "{{ build.additional_tags }}",
      },
    },
  );

  const image = { image_name: "me/app", tag: "1", image: "me/app:1", additional_tags: ["latest"] };
  expect(outputs).toMatchObject({ build: { ...image, image_id: "sha256:abc" }, ...image });
  const file = join(at.path, "Dockerfile");
  expect((await at.calls()).split("\n")).toEqual([
    `build --tag me/app:1 --file ${file} --iidfile ID --platform linux/amd64 --build-arg A=b ${at.path}`,
    "tag me/app:1 me/app:latest",
    "push me/app:1",
    "push me/app:latest",
    "",
  ]);
});

test("the same image is built once a command", async () => {
  await using at = await arrange();

  const first = await at.run({ [BUILD]: { image_name: "app" } });
  const second = await at.run({ [BUILD]: { image_name: "app" } });
  await at.run({ [BUILD]: { image_name: "app", ignore_cache: true } });

  expect(second.outputs).toEqual(first.outputs);
  expect(first.outputs.tag).toMatch(/^\d{4}-\d\d-\d\dt[\d-]+$/);
  expect((await at.calls()).match(/^build /gm)).toHaveLength(2);
});

test("a Dockerfile that is made up installs the requirements, and goes afterwards", async () => {
  await using at = await arrange();
  await writeFile(join(at.path, "requirements.txt"), "");

  await at.run({ [BUILD]: { image_name: "app", tag: "1", dockerfile: "auto" } });

  const seen = await readFile(join(at.path, "seen"), "utf8");
  expect(seen).toMatch(
    /^FROM prefecthq\/prefect:3[\d.]*-python3\.\d+\nCOPY requirements.txt \/opt\/prefect\/.+\nRUN .+ -r /,
  );
  const [, file] = /--file (\S+)/.exec(await at.calls()) ?? [];
  expect(existsSync(file ?? "")).toBe(false);
});

test("credentials reach docker by its standard input, in a place of their own", async () => {
  await using at = await arrange();
  const credentials = { username: "ada", password: "secret", registry_url: "registry.example.com" };

  await at.run({ [PUSH]: { image_name: "app", tag: "1", credentials } });

  expect(await at.calls()).toBe(
    "login --username ada --password-stdin registry.example.com\nprivate\nsecretpush app:1\nprivate\n",
  );
});

test("inputs that are not understood are refused", async () => {
  await using at = await arrange();

  await expect(at.run({ [BUILD]: { image_name: "app", squash: true } })).rejects.toMatchObject({ code: "STEP_FAILED" });
});
