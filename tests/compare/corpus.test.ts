import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compareScripts } from "./compare.ts";
import { script, scriptFile } from "./script.ts";
import { runSteps, type Step } from "./steps.ts";

const CORPUS = join(import.meta.dirname, "corpus");

interface Sequence {
  readonly name: string;
  readonly steps: readonly Step[];
}

const files = readdirSync(CORPUS).map((file) => {
  const { name, steps } = JSON.parse(readFileSync(join(CORPUS, file), "utf8")) as Sequence;
  const urls = [`corpus/${file}`, "steps.ts"].map((path) => new URL(path, import.meta.url).href);
  return scriptFile(urls, `corpus-${file.replace(".json", "")}`, [script(name, (api) => runSteps(api, steps))]);
});

compareScripts("sqlite", files);
compareScripts("postgresql", files);
