import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Settings } from "../settings/index.ts";
import { TlsFilesUnusable } from "./errors.ts";

/** The certificate and key to serve HTTPS with, in PEM. */
export interface ServerTls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Undefined where HTTP is served. @throws TlsFilesUnusable */
export function loadTls({ server: { api } }: Settings): ServerTls | undefined {
  const { tls_cert_file, tls_key_file } = api;
  if (tls_cert_file === null && tls_key_file === null) return undefined;
  try {
    if (tls_cert_file === null || tls_key_file === null) throw new Error("one of the two is not set");
    const files = { cert: readFileSync(tls_cert_file), key: readFileSync(tls_key_file) };
    createSecureContext(files);
    return files;
  } catch (error) {
    throw TlsFilesUnusable(error);
  }
}
