// Makes what is published: builds, lays the package out in a folder, and packs that into a tarball.
//
//   node scripts/package.ts [folder]      the folder gets package/ and prefect-<version>.tgz; it is dist/package without
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
/** The Node that runs the package; the repository's own `engines` says which Nodes a clone can start from. */
const NEEDED_NODE = ">=24.12";
const COPIED = ["bin", "CHANGELOG.md", "LICENSE", "README.md"];

interface Manifest extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** Gives the path of the tarball. The repository's package.json stays as it is, and so does what else is in dist/. */
export function makePackage(folder: string): string {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
  const laidOut = join(folder, "package");
  rmSync(laidOut, { recursive: true, force: true });
  mkdirSync(laidOut, { recursive: true });
  for (const name of COPIED) cpSync(join(ROOT, name), join(laidOut, name), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  const compiled = globSync("dist/**/*.js", { cwd: ROOT, exclude: ["dist/package/**"] });
  for (const file of [...compiled, ...listDeclarations(manifest), "dist/THIRD-PARTY-NOTICES.txt"]) {
    cpSync(join(ROOT, file), join(laidOut, file));
  }
  writeFileSync(join(laidOut, "package.json"), `${JSON.stringify(publishedManifest(manifest), undefined, 2)}\n`);
  setModes(laidOut);
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: laidOut, stdio: "ignore" });
  return join(folder, `${manifest.name}-${manifest.version}.tgz`);
}

/** The same on every machine, whatever its umask: they are part of the tarball. */
function setModes(laidOut: string): void {
  for (const entry of globSync("**", { cwd: laidOut, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    chmodSync(path, entry.isDirectory() || path === join(laidOut, "bin", "prefect") ? 0o755 : 0o644);
  }
}

/** The declarations that the doors lead to: nobody can import the others, and they are many. */
function listDeclarations(manifest: Manifest): ReadonlySet<string> {
  const doors = Object.values(manifest.exports).map((target) =>
    typeof target === "string" ? undefined : target.types,
  );
  const found = new Set(doors.filter((door) => door !== undefined).map((door) => join(door)));
  for (const file of found) {
    const text = readFileSync(join(ROOT, file), "utf8");
    for (const [, imported = ""] of text.matchAll(/(?:from |import |import\()"(\.[^"]+)\.(?:ts|js)"/g)) {
      found.add(join(dirname(file), `${imported}.d.ts`));
    }
  }
  return found;
}

/** Without what only a clone has: the sources' doors and other folders, the pinned Node, the tools, what is inside. */
export function publishedManifest(manifest: Manifest): object {
  const {
    dependencies,
    devDependencies,
    optionalDependencies,
    allowScripts,
    scripts,
    files,
    private: _,
    ...rest
  } = manifest;
  const doors = Object.entries(manifest.exports).map(([door, target]) => {
    if (typeof target === "string") return [door, target];
    const { development, ...compiled } = target;
    return [door, compiled];
  });
  return { ...rest, engines: { node: NEEDED_NODE }, exports: Object.fromEntries(doors) };
}

if (import.meta.main) {
  const tarball = makePackage(process.argv[2] ?? join(ROOT, "dist", "package"));
  process.stdout.write(`${tarball}\n`);
}
