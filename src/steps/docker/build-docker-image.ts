import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "../../kit/clock.ts";
import * as s from "../../kit/schema/schema.ts";
import { DockerfileInTheWay } from "../errors.ts";
import { runOrThrow } from "../run-command.ts";
import { type StepContext, step } from "../step.ts";
import { autoDockerfile } from "./auto-dockerfile.ts";
import { onceFor } from "./once-for.ts";

const orNothing = <T>(schema: s.Schema<T>) => s.defaulted(s.nullable(schema), null);
const texts = s.array(s.string());

const Inputs = s.object(
  "BuildDockerImageInputs",
  {
    image_name: s.string(),
    dockerfile: s.defaulted(s.string(), "Dockerfile"),
    tag: orNothing(s.string()),
    additional_tags: orNothing(texts),
    ignore_cache: s.defaulted(s.boolean(), false),
    persist_dockerfile: s.defaulted(s.boolean(), false),
    dockerfile_output_path: s.defaulted(s.string(), "Dockerfile.generated"),
    build_backend: s.defaulted(s.oneOf(["docker-py", "buildx"]), "docker-py"),
    path: s.defaulted(s.string(), "."),
    platform: orNothing(s.string()),
    target: orNothing(s.string()),
    network_mode: orNothing(s.string()),
    buildargs: orNothing(s.record(s.string())),
    labels: orNothing(s.record(s.string())),
    nocache: s.defaulted(s.boolean(), false),
    pull: s.defaulted(s.boolean(), true),
  },
  { extra: "forbid" },
);
type BuildInputs = s.Infer<typeof Inputs>;

/** Builds an image with the `docker` command; the dockerfile `auto` is made up. */
export const buildDockerImage = step("build_docker_image", Inputs, (inputs, context) =>
  onceFor("build_docker_image", { inputs, context }, async () => {
    const tag = inputs.tag || timeTag();
    const image = `${inputs.image_name}:${tag}`;
    const folder = resolve(context.directory, inputs.path);
    await using dockerfile = await provideDockerfile(inputs, folder, context);
    const image_id = await build(image, { inputs, folder, dockerfile: dockerfile.path }, context);
    for (const other of inputs.additional_tags ?? []) {
      await docker(["tag", image, `${inputs.image_name}:${other}`], context);
    }
    const { image_name, additional_tags } = inputs;
    return { outputs: { image_name, tag, image, image_id, additional_tags: additional_tags ?? [] } };
  }),
);

interface Build {
  readonly inputs: BuildInputs;
  readonly folder: string;
  readonly dockerfile: string;
}

async function build(image: string, { inputs, folder, dockerfile }: Build, context: StepContext): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "prefect-build-"));
  try {
    const idFile = join(scratch, "id");
    const pairs = (flag: string, values: Readonly<Record<string, string>> | null) =>
      Object.entries(values ?? {}).flatMap(([key, value]) => [flag, `${key}=${value}`]);
    const options = [
      ...["--tag", image, "--file", dockerfile, "--iidfile", idFile],
      ...(inputs.platform === null ? [] : ["--platform", inputs.platform]),
      ...(inputs.target === null ? [] : ["--target", inputs.target]),
      ...(inputs.network_mode === null ? [] : ["--network", inputs.network_mode]),
      ...(inputs.nocache ? ["--no-cache"] : []),
      ...(inputs.pull ? ["--pull"] : []),
      ...pairs("--build-arg", inputs.buildargs),
      ...pairs("--label", inputs.labels),
    ];
    const verb = inputs.build_backend === "buildx" ? ["buildx", "build", "--load"] : ["build"];
    await docker([...verb, ...options, folder], context);
    return (await readFile(idFile, "utf8")).trim();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The path of the Dockerfile; one that was made up is deleted afterwards unless it is to be kept. */
async function provideDockerfile(inputs: BuildInputs, folder: string, context: StepContext) {
  if (inputs.dockerfile !== "auto") {
    return { path: resolve(folder, inputs.dockerfile), async [Symbol.asyncDispose]() {} };
  }
  const kept = inputs.persist_dockerfile;
  const path = join(folder, kept ? inputs.dockerfile_output_path : `Dockerfile.${randomUUID()}`);
  if (existsSync(path)) throw DockerfileInTheWay(path);
  await writeFile(path, await autoDockerfile(folder, context));
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (!kept) await rm(path, { force: true });
    },
  };
}

function timeTag(): string {
  return systemClock()
    .now()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/-?z$/, "");
}

async function docker(args: readonly string[], context: StepContext): Promise<void> {
  const { directory, env, write } = context;
  await runOrThrow(["docker", ...args], { directory, env, write });
}
