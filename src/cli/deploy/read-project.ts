import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type ProjectFile, readProjectFile } from "../../domain/project/project-file.ts";

const EMPTY: ProjectFile = { deployments: [] };
const TIMESTAMP = "tag:yaml.org,2002:timestamp";

/** What a prefect.yaml says; one that is missing or wrong says nothing, and `warn` is told why. */
export function readProject(path: string, warn: (text: string) => void): ProjectFile {
  const raw = load(path, warn);
  if (raw === undefined) return EMPTY;
  const reading = readProjectFile(raw);
  if (reading.ok) return reading.project;
  const list = reading.problems.map((problem) => `  - ${problem}`).join("\n");
  warn(`${path} is not valid, so nothing of it is used:\n${list}`);
  return EMPTY;
}

/** YAML as PyYAML reads it; times stay texts. Throws what the parser throws. */
export function parseYaml(text: string): unknown {
  return parse(text, {
    version: "1.1",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || tag.tag !== TIMESTAMP),
  });
}

function load(path: string, warn: (text: string) => void): unknown {
  try {
    return parseYaml(readFileSync(path, "utf8")) ?? {};
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    warn(isMissing ? `There is no ${path}.` : `${path} cannot be read, so nothing of it is used: ${message(error)}`);
    return undefined;
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
