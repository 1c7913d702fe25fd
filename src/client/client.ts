import { randomUUID } from "node:crypto";
import { systemClock } from "../kit/clock.ts";
import { createHttp, type Http } from "./http.ts";
import { chain } from "./link.ts";
import { csrfLink } from "./links/csrf.ts";
import { headersLink, identityHeaders } from "./links/headers.ts";
import { retryLink } from "./links/retry.ts";
import { httpTransport } from "./links/transport.ts";
import { admin } from "./resources/admin.ts";
import { artifacts } from "./resources/artifacts.ts";
import { automations } from "./resources/automations.ts";
import { blockDocuments } from "./resources/block-documents.ts";
import { collections } from "./resources/collections.ts";
import { concurrencyLimits } from "./resources/concurrency-limits.ts";
import { deployments } from "./resources/deployments.ts";
import { events } from "./resources/events.ts";
import { flowRuns } from "./resources/flow-runs.ts";
import { flows } from "./resources/flows.ts";
import { logs } from "./resources/logs.ts";
import { taskRuns } from "./resources/task-runs.ts";
import { variables } from "./resources/variables.ts";
import { webhooks } from "./resources/webhooks.ts";
import { workPools } from "./resources/work-pools.ts";
import { workQueues } from "./resources/work-queues.ts";
import { workers } from "./resources/workers.ts";

export interface ClientOptions {
  /** For example `http://127.0.0.1:4200/api`. */
  readonly apiUrl: string;
  /** Bearer key of a hosted API. */
  readonly apiKey?: string | undefined;
  /** `user:password` of a server with basic authentication. */
  readonly authString?: string | undefined;
  readonly customHeaders?: Readonly<Record<string, string>>;
  /** Time for one attempt. @default 60 */
  readonly requestTimeoutSeconds?: number;
  /** Tries after the first. @default 5 */
  readonly maxRetries?: number;
  /** Statuses to retry besides 408, 429, 502 and 503. @default [] */
  readonly retryExtraCodes?: readonly number[];
  /** Share of a wait that is random, 0 to 1. @default 0.2 */
  readonly retryJitterFactor?: number;
  /** Accept any TLS certificate. @default false */
  readonly insecureTls?: boolean;
  /** PEM certificates to trust in place of the built-in ones. */
  readonly caCertificates?: string | undefined;
}

/** A client of one API; every method throws an entry of the client's error catalogue. */
export interface Client extends Resources, Disposable {
  readonly http: Http;
  readonly options: ClientOptions;
}

/** Opens no connection until the first request; disposing closes the kept-alive ones. */
export function createClient(options: ClientOptions): Client {
  const apiUrl = options.apiUrl.replace(/\/+$/, "");
  const transport = httpTransport({
    apiUrl,
    requestTimeoutMs: (options.requestTimeoutSeconds ?? 60) * 1000,
    insecureTls: options.insecureTls ?? false,
    caCertificates: options.caCertificates,
  });
  const send = chain(
    [
      headersLink(clientHeaders(options)),
      csrfLink(randomUUID(), systemClock().nowMs),
      retryLink({
        maxRetries: options.maxRetries ?? 5,
        extraCodes: options.retryExtraCodes ?? [],
        jitterFactor: options.retryJitterFactor ?? 0.2,
      }),
    ],
    transport,
  );
  const http = createHttp(apiUrl, send);
  return { http, options, ...resources(http), [Symbol.dispose]: () => transport.close() };
}

/** The headers a client with these options sends, also for the upgrade of a web socket. */
export function clientHeaders(options: ClientOptions): Readonly<Record<string, string>> {
  return identityHeaders({
    apiKey: options.apiKey,
    authString: options.authString,
    customHeaders: options.customHeaders ?? {},
  });
}

type Resources = ReturnType<typeof resources>;

function resources(http: Http) {
  return {
    admin: admin(http),
    artifacts: artifacts(http),
    automations: automations(http),
    blockDocuments: blockDocuments(http),
    collections: collections(http),
    concurrencyLimits: concurrencyLimits(http),
    deployments: deployments(http),
    events: events(http),
    flowRuns: flowRuns(http),
    flows: flows(http),
    logs: logs(http),
    taskRuns: taskRuns(http),
    variables: variables(http),
    webhooks: webhooks(http),
    workQueues: workQueues(http),
    workers: workers(http),
    workPools: workPools(http),
  };
}
