import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SKIPPED = /(^|\/)(node_modules|site-packages|\.venv|venv|\.git|__pycache__|dist)(\/|$)/;
const PYTHON_FLOW = /^@(?:\w+\.)?flow\b[^\n]*(?:\n(?!async def |def )[^\n]*)*\n(?:async )?def (\w+)/gm;
const OUR_FLOW = /^export const (\w+)[^=\n]*= flow\(/gm;
const MOST_FILES = 500;

/** Entrypoints of what looks like a flow in the files below `folder`, without running any of them. */
export function findFlows(folder: string): readonly string[] {
  const files = globSync("**/*.{py,ts,mts,js,mjs}", { cwd: folder, exclude: (path) => SKIPPED.test(path) });
  return files
    .toSorted()
    .slice(0, MOST_FILES)
    .flatMap((file) => {
      const pattern = file.endsWith(".py") ? PYTHON_FLOW : OUR_FLOW;
      const source = readFileSync(join(folder, file), "utf8");
      return [...source.matchAll(pattern)].map(([, name]) => `${file}:${name}`);
    });
}
