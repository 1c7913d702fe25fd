import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as s from "../../kit/schema/schema.ts";
import { runOrThrow } from "../run-command.ts";
import { type StepContext, step } from "../step.ts";
import { onceFor } from "./once-for.ts";

const orNothing = <T>(schema: s.Schema<T>) => s.defaulted(s.nullable(schema), null);

const Credentials = s.object("RegistryCredentials", {
  username: s.string(),
  password: s.string(),
  registry_url: s.defaulted(s.string(), ""),
});

const Inputs = s.object(
  "PushDockerImageInputs",
  {
    image_name: s.string(),
    tag: orNothing(s.string()),
    credentials: orNothing(Credentials),
    additional_tags: orNothing(s.array(s.string())),
    ignore_cache: s.defaulted(s.boolean(), false),
    build_backend: s.defaulted(s.oneOf(["docker-py", "buildx"]), "docker-py"),
  },
  { extra: "forbid" },
);

/** Pushes an image with the `docker` command. Credentials are known to that push only. */
export const pushDockerImage = step("push_docker_image", Inputs, (inputs, context) =>
  onceFor("push_docker_image", { inputs, context }, async () => {
    const { image_name, credentials } = inputs;
    const tag = inputs.tag ?? "latest";
    const additional_tags = inputs.additional_tags ?? [];
    await using login = await logIn(credentials, context);
    const options = { directory: context.directory, env: login.env, write: context.write };
    for (const each of [tag, ...additional_tags]) {
      await runOrThrow(["docker", "push", `${image_name}:${each}`], options);
    }
    return { outputs: { image_name, tag, image: `${image_name}:${tag}`, additional_tags } };
  }),
);

/** An environment whose `docker` is logged in; what it keeps goes with it. */
async function logIn(credentials: s.Infer<typeof Credentials> | null, { directory, env }: StepContext) {
  if (credentials === null) return { env, async [Symbol.asyncDispose]() {} };
  const folder = await mkdtemp(join(tmpdir(), "prefect-docker-"));
  const privately = { ...env, DOCKER_CONFIG: folder };
  const { username, password, registry_url } = credentials;
  const forget = () => rm(folder, { recursive: true, force: true });
  try {
    const registry = registry_url === "" ? [] : [registry_url];
    const command = ["docker", "login", "--username", username, "--password-stdin", ...registry];
    await runOrThrow(command, { directory, env: privately, input: password });
  } catch (error) {
    await forget();
    throw error;
  }
  return { env: privately, [Symbol.asyncDispose]: forget };
}
