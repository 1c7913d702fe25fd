import { cached } from "../support/python.ts";
import { type DatabaseKind, type ReferenceServer, startReference } from "../support/reference.ts";
import { type ApiOptions, createApi } from "./api.ts";
import { type Normalised, normalise } from "./normalise.ts";
import type { Script, ScriptFile } from "./script.ts";

/** Runs a script against a server and gives its exchanges in comparable form. */
export async function play(
  { run }: Script,
  server: { readonly url: string; readonly apiUrl: string },
  options: ApiOptions = {},
): Promise<readonly Normalised[]> {
  const api = createApi(server.apiUrl, options);
  await run(api);
  return normalise(api.exchanges, server.url);
}

/** The reference's answers, recorded when first asked for and kept in the cache folder. */
export interface ReferenceAnswers extends AsyncDisposable {
  read(file: ScriptFile, script: Script): Promise<readonly Normalised[]>;
}

// Whatever changes runs by itself would make an answer depend on when it was asked for.
const QUIET = Object.fromEntries(
  ["LATE_RUNS", "SCHEDULER", "FOREMAN", "CANCELLATION_CLEANUP", "PAUSE_EXPIRATIONS", "REPOSSESSOR", "TRIGGERS"].map(
    (service) => [`PREFECT_SERVER_SERVICES_${service}_ENABLED`, "false"],
  ),
);

/** A quiet reference server: no service of it changes runs by itself. */
export function startQuietReference(database: DatabaseKind): Promise<ReferenceServer> {
  return startReference({ database, env: QUIET });
}

export function referenceAnswers(database: DatabaseKind): ReferenceAnswers {
  let server: Promise<ReferenceServer> | undefined;
  const record = async (script: Script) => {
    server ??= startQuietReference(database);
    const running = await server;
    try {
      await running.clear();
      return JSON.stringify(await play(script, running, { retriesUnavailable: true }));
    } catch (error) {
      // It may be stuck, with its database locked: the next script gets a new one.
      server = undefined;
      await running[Symbol.asyncDispose]();
      throw error;
    }
  };
  return {
    async read(file, script) {
      const name = `${file.resource}-${script.name.replaceAll(/\W+/g, "-")}-${database}-${file.hash}.json`;
      return JSON.parse(await cached(name, () => record(script))) as readonly Normalised[];
    },
    async [Symbol.asyncDispose]() {
      await (await server)?.[Symbol.asyncDispose]();
    },
  };
}
