import type { Property } from "../blocks/builtin/shapes.ts";

/** What is known of a type of worker before one of it has ever connected. */
export interface WorkerMetadata {
  /** Of the work pool. */
  readonly type: string;
  /** The Python package that brings the worker. */
  readonly collection: string;
  readonly displayName: string;
  readonly description: string;
  readonly documentationUrl: string;
  /** What users may set in a work pool or a deployment. */
  readonly variables: Readonly<Record<string, Property>>;
  /** Variables without which there is no job. */
  readonly required?: readonly string[];
  /** Slugs of the block types that `$ref`s of the variables name. */
  readonly blocks?: readonly string[];
  /** What else `$ref`s name. */
  readonly definitions?: Readonly<Record<string, unknown>>;
  /** Template of the job, with the variables in double braces. */
  readonly jobConfiguration: Readonly<Record<string, unknown>>;
}
