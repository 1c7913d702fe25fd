import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { CLIENT_VERSION } from "../../client/links/headers.ts";

/** The sections of a new prefect.yaml. */
export interface NewProject {
  readonly name: string;
  readonly build: unknown;
  readonly push: unknown;
  readonly pull: unknown;
  readonly deployments: readonly object[];
}

const IGNORED = [
  ".prefectignore",
  "# Python",
  "__pycache__/",
  "*.py[cod]",
  "*.egg-info/",
  ".venv",
  "venv/",
  ".mypy_cache/",
  "*.ipynb",
  "# Node",
  "node_modules/",
  "# Everything else",
  ".env",
  ".git/",
  ".DS_Store",
  ".idea/",
  ".vscode/",
];

/** Writes prefect.yaml and .prefectignore where they are not there yet; gives the names of those written. */
export function writeNewProject(folder: string, project: NewProject): readonly string[] {
  const files = { ".prefectignore": `${IGNORED.join("\n")}\n`, "prefect.yaml": projectText(project) };
  return Object.entries(files).flatMap(([name, text]) => {
    if (existsSync(join(folder, name))) return [];
    writeFileSync(join(folder, name), text);
    return [name];
  });
}

function projectText({ name, build, push, pull, deployments }: NewProject): string {
  const sections = [
    ["What `prefect deploy` deploys, and how. Keep it with your code.", { name, "prefect-version": CLIENT_VERSION }],
    ["Steps that make what the flows run in, such as an image", { build }],
    ["Steps that bring the code to where it is kept", { push }],
    ["Steps that workers take to get the code", { pull }],
    ["The deployments", { deployments }],
  ] as const;
  return sections.map(([title, content]) => `# ${title}\n${stringify(content)}`).join("\n");
}
