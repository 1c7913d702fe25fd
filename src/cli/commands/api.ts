import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { ApiUnreachable, type Client } from "../../client/index.ts";
import { parseJson } from "../../kit/json.ts";
import { shownUrl } from "../../kit/shown-url.ts";
import { isConnectedToCloud } from "../../settings/index.ts";
import { command } from "../command.ts";
import { openClient } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailed } from "../exit.ts";
import { argument, switchFlag, textFlag, textsFlag } from "../flags.ts";
import type { Output } from "../output.ts";

const METHODS = ["DELETE", "GET", "PATCH", "POST", "PUT"] as const;

type Method = (typeof METHODS)[number];
type Response = Awaited<ReturnType<Client["http"]["raw"]>>;

export const api = command({
  summary: "Send a request to the API and print its answer.",
  details: `The body is --data, else standard input when it is not a terminal, else {} for POST, PUT and PATCH.
Exit codes: 3 for 401 and 403, 4 for other 4xx, 5 for 5xx, 7 when the API cannot be reached.`,
  args: {
    method: argument(`HTTP method: ${METHODS.join(", ")}.`),
    path: argument("Path below the API URL, for example /flows/filter."),
  },
  flags: {
    data: textFlag("--data <json>", "Body as JSON, or @FILE."),
    headers: textsFlag("-H, --header <header>", "Header in the form 'Key: Value'; may be repeated."),
    verbose: switchFlag("-v, --verbose", "Print the headers of request and answer, too."),
    root: switchFlag("--root", "Address the root of the API (Prefect Cloud only)."),
    account: switchFlag("--account", "Address the account (Prefect Cloud only)."),
  },
  async run(context, { args, flags }) {
    const { out, settings } = context;
    const method = readMethod(args.method);
    const url = requestRoot(settings, flags);
    const body = await readBody(method, flags.data);
    const headers = Object.fromEntries(flags.headers.map(readHeader));
    const client_ = { ...settings.client, custom_headers: { ...settings.client.custom_headers, ...headers } };
    using client = await openClient({ ...settings, api: { ...settings.api, url }, client: client_ });
    const path = args.path.startsWith("/") ? args.path : `/${args.path}`;

    const response = await send(client, { method, path, body });

    if (flags.verbose) printHead(out, { client, method, path, response });
    printBody(out, response);
    refuse(response);
  },
});

function readMethod(given: string): Method {
  const method = METHODS.find((known) => known === given.toUpperCase());
  if (method === undefined) throw CommandFailed(`Invalid HTTP method '${given}'. Use one of ${METHODS.join(", ")}.`);
  return method;
}

function requestRoot(settings: Context["settings"], { root, account }: { root: boolean; account: boolean }): string {
  const url = settings.api.url;
  if (!url) throw CommandFailed("No API URL configured. Set PREFECT_API_URL.");
  if (!root && !account) return url;
  if (!isConnectedToCloud(settings)) {
    throw CommandFailed("--root and --account are for Prefect Cloud only: paths are relative to your API URL.");
  }
  if (root && account) throw CommandFailed("--root and --account cannot be used together.");
  return root ? settings.cloud.api_url : url.replace(/\/workspaces\/.*$/, "");
}

async function readBody(method: Method, data: string | undefined): Promise<unknown> {
  if (data?.startsWith("@")) {
    const file = data.slice(1);
    if (!existsSync(file)) throw CommandFailed(`File not found: ${file}`);
    return readJson(readFileSync(file, "utf8"), `file ${file}`);
  }
  if (data !== undefined) return readJson(data, "--data");
  const piped = process.stdin.isTTY ? "" : await text(process.stdin);
  if (piped.trim() !== "") return readJson(piped, "standard input");
  return method === "GET" || method === "DELETE" ? undefined : {};
}

function readJson(source: string, where: string): unknown {
  try {
    return parseJson(source);
  } catch (error) {
    throw CommandFailed(`Invalid JSON in ${where}: ${(error as Error).message}`);
  }
}

function readHeader(header: string): readonly [string, string] {
  const at = header.indexOf(":");
  if (at === -1) throw CommandFailed(`Invalid header '${header}'. Write it as 'Key: Value'.`);
  return [header.slice(0, at).trim(), header.slice(at + 1).trim()];
}

async function send(client: Client, request: { method: Method; path: string; body: unknown }): Promise<Response> {
  try {
    return await client.http.raw(request.method, request.path, request.body);
  } catch (error) {
    if (ApiUnreachable.is(error)) throw CommandFailed(error.message, 7);
    throw error;
  }
}

function printHead(out: Output, parts: { client: Client; method: Method; path: string; response: Response }): void {
  const { client, method, path, response } = parts;
  const dim = (line: string) => out.line(out.style("dim", line));
  dim(`> ${method} ${shownUrl(client.http.apiUrl)}${path}`);
  const { apiKey, authString, customHeaders } = client.options;
  if (apiKey !== undefined || authString !== undefined) dim("> authorization: ***");
  for (const [name, value] of Object.entries(customHeaders ?? {})) dim(`> ${name}: ${value}`);
  out.line();
  dim(`< ${response.status}`);
  for (const [name, value] of Object.entries(response.headers)) dim(`< ${name}: ${value}`);
  out.line();
}

function printBody(out: Output, { text: body, status }: Response): void {
  if (body === "") return;
  const print = status < 400 ? out.line : out.error;
  try {
    const value = parseJson(body);
    print(JSON.stringify(value, null, out.isTerminal ? 2 : undefined));
  } catch {
    print(body);
  }
}

function refuse({ status }: Response): void {
  if (status < 400) return;
  const code = status === 401 || status === 403 ? 3 : status < 500 ? 4 : 5;
  const hint = status === 401 ? " Check your credentials with: prefect config view" : "";
  throw CommandFailed(`Error: the API answered ${status}.${hint}`, code);
}
