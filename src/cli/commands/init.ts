import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { JsonObject } from "../../domain/parameters/json-types.ts";
import { applyValues } from "../../domain/placeholders/apply-values.ts";
import { type Recipe, recipeFor, recipes } from "../../domain/project/recipes.ts";
import { choose } from "../choose.ts";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";
import { textFlag, textsFlag } from "../flags.ts";

export const init = command({
  summary: "Start a prefect.yaml in this folder.",
  flags: {
    name: textFlag("--name <name>", "Name of the project; that of the folder when left out."),
    recipe: textFlag("--recipe <name>", `What to start with: ${recipes.map(({ name }) => name).join(", ")}.`),
    field: textsFlag("-f, --field <key=value>", "An input of the recipe; may be repeated."),
  },
  async run(context, { flags }) {
    const { out, inputs } = context;
    const folder = resolve(inputs.cwd);
    const facts = await folderFacts(context, folder);
    const recipe = await chooseRecipe(context, flags.recipe, facts);
    const given = Object.fromEntries(flags.field.map(readField));
    const values = {
      ...facts.values,
      ...(recipe.build !== null && { dockerfile: facts.hasDockerfile ? "Dockerfile" : "auto" }),
      ...given,
      ...(await missingInputs(context, recipe, given)),
    };
    const fill = (part: unknown) => applyValues(part, { values, keepMissing: true });

    const { writeNewProject } = await import("../deploy/new-project-file.ts");
    const files = writeNewProject(folder, {
      name: flags.name ?? basename(folder),
      build: fill(recipe.build),
      push: fill(recipe.push),
      pull: fill(recipe.pull),
      deployments: [emptyDeployment(recipe)],
    });

    if (files.length === 0) return out.line(`Created project in ${folder}; no new files created.`);
    out.line(`Created project in ${folder} with the following new files:`);
    for (const file of files) out.success(file);
  },
});

interface FolderFacts {
  readonly hasGit: boolean;
  readonly hasDockerfile: boolean;
  readonly values: JsonObject;
}

async function folderFacts({ inputs }: Context, folder: string): Promise<FolderFacts> {
  const { git } = await import("../deploy/git.ts");
  const place = { directory: folder, env: inputs.env };
  const repository = await git(place, "config", "--get", "remote.origin.url");
  const branch = repository === undefined ? undefined : await git(place, "rev-parse", "--abbrev-ref", "HEAD");
  return {
    hasGit: repository !== undefined,
    hasDockerfile: existsSync(join(folder, "Dockerfile")),
    values: {
      name: basename(folder),
      directory: folder,
      ...(repository !== undefined && { repository, branch: branch ?? "main" }),
    },
  };
}

async function chooseRecipe(context: Context, asked: string | undefined, facts: FolderFacts): Promise<Recipe> {
  const fitting = recipeFor(facts);
  const name = asked ?? (context.isInteractive ? await askRecipe(fitting) : fitting);
  const recipe = recipes.find((each) => each.name === name);
  if (recipe === undefined) {
    const known = recipes.map((each) => each.name).join(", ");
    throw CommandFailed(`Unknown recipe '${name}' provided. These are known: ${known}`);
  }
  return recipe;
}

async function askRecipe(fitting: string): Promise<string> {
  const options = recipes.map(({ name, description }) => ({ value: name, label: name, hint: description }));
  return await choose("What should prefect.yaml start with?", options, fitting);
}

async function missingInputs(context: Context, recipe: Recipe, given: JsonObject): Promise<JsonObject> {
  const missing = Object.entries(recipe.inputs).filter(([name]) => !(name in given));
  if (missing.length === 0) return {};
  if (!context.isInteractive) {
    const list = missing.map(([name, description]) => `  ${name}: ${description}`).join("\n");
    throw CommandFailed(`The recipe '${recipe.name}' needs these, each with --field name=value:\n${list}`);
  }
  const answers: Record<string, string> = {};
  for (const [name, description] of missing) answers[name] = await context.ask(`${name} (${description})`);
  return answers;
}

function readField(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at === -1) throw CommandFailed(`'${text}' is not key=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function emptyDeployment({ jobVariables }: Recipe): object {
  return {
    name: null,
    version: null,
    tags: [],
    description: null,
    schedule: {},
    entrypoint: null,
    parameters: {},
    work_pool: { name: null, work_queue_name: null, job_variables: jobVariables },
  };
}
