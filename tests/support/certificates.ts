import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type TemporaryFolder, temporaryFolder } from "./disposable.ts";

const run = promisify(execFile);

/** A certificate authority and what it has signed, as PEM files in a folder of their own. */
export interface Certificates extends AsyncDisposable {
  readonly caFile: string;
  /** For `localhost` and 127.0.0.1. */
  readonly server: Signed;
  /** For a host that nobody has. */
  readonly stranger: Signed;
  /** For the PostgreSQL user `postgres`. */
  readonly client: Signed;
}

interface Signed {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** Makes them with the `openssl` program. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await temporaryFolder("prefect-test-certificates-");
  const ca = await sign(folder, { name: "ca", subject: "/CN=Test authority" });
  const [server, stranger, client] = await Promise.all([
    sign(folder, { name: "server", subject: "/CN=localhost", hosts: "DNS:localhost,IP:127.0.0.1", ca }),
    sign(folder, { name: "stranger", subject: "/CN=elsewhere.test", hosts: "DNS:elsewhere.test", ca }),
    sign(folder, { name: "client", subject: "/CN=postgres", ca }),
  ]);
  return { caFile: ca.certFile, server, stranger, client, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

interface Wish {
  readonly name: string;
  readonly subject: string;
  readonly hosts?: string;
  readonly ca?: Signed;
}

async function sign(folder: TemporaryFolder, { name, subject, hosts, ca }: Wish): Promise<Signed> {
  const [certFile, keyFile] = [join(folder.path, `${name}.crt`), join(folder.path, `${name}.key`)];
  const signer = ca === undefined ? [] : ["-CA", ca.certFile, "-CAkey", ca.keyFile];
  const names = hosts === undefined ? [] : ["-addext", `subjectAltName=${hosts}`];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  await run("openssl", ["req", "-x509", ...key, "-days", "2", "-subj", subject, ...names, ...signer, "-out", certFile]);
  const [cert, secret] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
  return { certFile, keyFile, cert, key: secret };
}
