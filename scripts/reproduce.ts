// Makes the package twice, from two copies of this checkout that lie elsewhere, are of different age, and belong to users
// of different time zone, language and umask, and compares the tarballs byte by byte. (`npm run test:nix` does the same
// with the Nix package.)
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const MADE = new Set([".git", "dist", "node_modules"]);

interface Circumstances {
  readonly folder: string;
  /** Of every file, in seconds since 1970. */
  readonly modifiedAt: number;
  readonly umask: number;
  readonly env: Readonly<Record<string, string>>;
}

function copyCheckout({ folder, modifiedAt }: Circumstances): void {
  mkdirSync(folder, { recursive: true });
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (source) =>
      !relative(ROOT, source)
        .split(sep)
        .some((part) => MADE.has(part)),
  });
  for (const path of globSync("**", { cwd: folder })) utimesSync(join(folder, path), modifiedAt, modifiedAt);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
}

/** Gives the path of the tarball. */
function makeTarball({ folder, umask, env }: Circumstances): string {
  const before = process.umask(umask);
  execFileSync(process.execPath, ["scripts/package.ts"], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  process.umask(before);
  const [tarball = ""] = globSync("dist/package/*.tgz", { cwd: folder });
  return join(folder, tarball);
}

function digest(file: string): string {
  return createHash("sha512").update(readFileSync(file)).digest("base64");
}

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), "prefect-reproduce-"));
  try {
    const circumstances: readonly Circumstances[] = [
      {
        folder: join(folder, "first"),
        modifiedAt: 1_000_000_000,
        umask: 0o022,
        env: { TZ: "America/St_Johns", LC_ALL: "C" },
      },
      {
        folder: join(folder, "a second"),
        modifiedAt: 1_700_000_000,
        umask: 0o077,
        env: { TZ: "Asia/Kathmandu", LC_ALL: "tr_TR.UTF-8" },
      },
    ];
    circumstances.forEach(copyCheckout);
    const [first = "", second = ""] = circumstances.map(makeTarball);
    const digests = [digest(first), digest(second)];
    if (digests[0] !== digests[1]) {
      cpSync(first, join(ROOT, "dist", "first.tgz"));
      cpSync(second, join(ROOT, "dist", "second.tgz"));
      throw new Error("The two tarballs differ: compare dist/first.tgz and dist/second.tgz.");
    }
    process.stdout.write(`Both tarballs are sha512-${digests[0]}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
