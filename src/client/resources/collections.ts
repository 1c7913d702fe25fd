import type { Http } from "../http.ts";

/** What is known of a type of worker. */
export interface WorkerMetadata {
  readonly type: string;
  readonly display_name?: string;
  readonly description?: string;
  /** The template of a new pool. */
  readonly default_base_job_configuration: object;
}

export const collections = (http: Http) => ({
  /** By package, then by type of worker. */
  workers: () =>
    http.get<Readonly<Record<string, Readonly<Record<string, WorkerMetadata>>>>>(
      "/collections/views/aggregate-worker-metadata",
    ),
});
