import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { publishMissing } from "../support/require.ts";
import { makePlaces, publishPlaces } from "./nix.ts";

/** Makes a store of its own for this run: nothing of an earlier one, nor of this machine's, takes part. */
export function setup(): (() => Promise<void>) | undefined {
  if (spawnSync("nix", ["--version"]).status !== 0) {
    publishMissing({ nix: "no `nix`. On Debian: apt-get install nix-bin; elsewhere https://nixos.org/download." });
    return undefined;
  }
  publishMissing({});
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "prefect-nix-")));
  const path = toolFolders().join(delimiter);
  makePlaces(
    { folder, path },
    {
      path,
      shell: find("bash"),
      node: process.execPath,
      nodeVersion: process.versions.node,
      npm: realpathSync(find("npm")),
      npmCache: join(cacheFolder(), "npm"),
      certificates: findCertificates(),
    },
  );
  publishPlaces({ folder, path });
  return async () => {
    await promisify(execFile)("bash", ["--norc", "-c", 'chmod -R u+w "$1" && rm -rf "$1"', "remove", folder]);
  };
}

/** The folders of PATH without this repository's own tools: the package may not be made with them. */
function toolFolders(): readonly string[] {
  return (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
}

function find(program: string): string {
  const folder = toolFolders().find((candidate) => existsSync(join(candidate, program)));
  if (folder === undefined) throw new Error(`No ${program} on PATH.`);
  return join(folder, program);
}

function cacheFolder(): string {
  const { PREFECT_TS_CACHE, XDG_CACHE_HOME } = process.env;
  return PREFECT_TS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "prefect-ts");
}

/** The certificate authorities this machine trusts: what reaches the registry from here may be signed by one of its own. */
function findCertificates(): string {
  const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE } = process.env;
  const known = [NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"];
  const file = known.find((candidate) => candidate !== undefined && existsSync(candidate));
  if (file === undefined) throw new Error("No certificates: apt-get install ca-certificates, or set SSL_CERT_FILE.");
  return file;
}
