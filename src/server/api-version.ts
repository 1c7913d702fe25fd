import type { IncomingHttpHeaders } from "node:http";
import type { Client } from "../domain/orchestration/facts.ts";
import { ApiVersionTooOld, InvalidApiVersion } from "./errors.ts";

/** The REST API level every 3.x client sends. */
export const API_VERSION = "0.8.4";
const OLDEST = [0, 8, 0] as const;

/** Answered whatever version the client speaks. */
const UNCHECKED_PATHS = new Set(["/health", "/version"]);

/** @throws InvalidApiVersion, ApiVersionTooOld; an absent header is fine, a newer version too */
export function checkApiVersion(headers: IncomingHttpHeaders, path: string): void {
  const sent = headers["x-prefect-api-version"];
  if (sent === undefined || sent === API_VERSION || UNCHECKED_PATHS.has(path)) return;
  const text = String(sent);
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (!match) throw InvalidApiVersion(text);
  const parts = match.slice(1).map(Number);
  for (const [index, oldest] of OLDEST.entries()) {
    const part = parts[index] as number;
    if (part > oldest) return;
    if (part < oldest) throw ApiVersionTooOld(text);
  }
}

/** The client's own version from `User-Agent: prefect/<version> (API <api version>)`, and the API version it speaks. */
export function clientVersion(headers: IncomingHttpHeaders): Client {
  const apiVersion = headers["x-prefect-api-version"];
  const version = /^prefect\/(\S+)/.exec(headers["user-agent"] ?? "")?.[1];
  return {
    ...(version === undefined ? {} : { version }),
    ...(apiVersion === undefined ? {} : { apiVersion: String(apiVersion) }),
  };
}
