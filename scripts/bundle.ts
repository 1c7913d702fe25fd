// Compiles the product into dist/: the entries and the chunks they share, so that every module is there once. What it
// depends on goes in, too, with its licences in dist/THIRD-PARTY-NOTICES.txt.
//
//   node scripts/bundle.ts
import { globSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const DIST = join(ROOT, "dist");

/** What is imported from outside, started as a process, or loaded by its path (`src/kit/own-files.ts`). */
const ENTRIES = [
  "cli/main",
  "cli/user-code/preload",
  "client/index",
  "sdk/engine/main",
  "sdk/index",
  "server/main",
  "testing/index",
];

/** Native additions to dependencies, which do without them. */
const LEFT_OUT = ["bufferutil", "pg-native", "utf-8-validate"];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

async function bundle(): Promise<void> {
  const { peerDependencies = {} } = readManifest(ROOT);
  // dist/package is what scripts/package.ts makes of all this.
  for (const old of globSync("**/*.{js,js.map}", { cwd: DIST, exclude: ["package/**"] })) rmSync(join(DIST, old));
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((entry) => `src/${entry}.ts`),
    outbase: "src",
    outdir: "dist",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // A tenth less memory. Names stay, and lines stay short, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
    legalComments: "none",
    conditions: ["development"],
    // The output names files by their paths; where node_modules really lies is nobody's concern.
    preserveSymlinks: true,
    external: [...LEFT_OUT, ...Object.keys(peerDependencies)],
    // For dependencies that are CommonJS.
    banner: { js: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);' },
    logLevel: "warning",
  });
  checkPlaces(metafile);
  writeFileSync(join(DIST, "THIRD-PARTY-NOTICES.txt"), thirdPartyNotices(metafile));
}

/** The code that finds files by its own place must be in a folder directly below dist/, as it is below src/. */
function checkPlaces({ outputs }: Metafile): void {
  for (const [output, { inputs }] of Object.entries(outputs)) {
    if ("src/kit/own-files.ts" in inputs && output.split("/").length !== 3) {
      throw new Error(`src/kit/own-files.ts is in ${output}, from where it finds nothing.`);
    }
  }
}

/** The licences of all packages of which something is in the output. Throws when one has none. */
function thirdPartyNotices({ outputs }: Metafile): string {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const notices = [...new Set(folders)].sort().map((folder) => notice(join(ROOT, folder)));
  return `Prefect contains these packages.\n\n${notices.join("\n")}`;
}

function notice(folder: string): string {
  const { name, version, license } = readManifest(folder);
  const texts = [licenceText(folder), findText(folder, /^notice(\.|$)/i)].filter((text) => text !== undefined);
  return [`${"-".repeat(80)}\n${name} ${version} (${license})`, ...texts, ""].join("\n\n");
}

/** In a file of its own, or, as some have it, at the end of the readme. */
function licenceText(folder: string): string {
  const readme = () => /^#+ *licen[cs]e\s(.*)/ims.exec(findText(folder, /^readme/i) ?? "")?.[1]?.trim();
  const text = findText(folder, /^(licen[cs]e|copying)/i) ?? readme();
  if (text === undefined) throw new Error(`${folder} has no licence.`);
  return text;
}

function findText(folder: string, name: RegExp): string | undefined {
  const found = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isFile() && name.test(entry.name));
  return found && readFileSync(join(folder, found.name), "utf8").trim();
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

if (import.meta.main) await bundle();
