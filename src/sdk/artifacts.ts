import { ArtifactKeyInvalid } from "./errors.ts";
import { currentScope } from "./runtime/scope.ts";
import { leaseSession } from "./session/shared-session.ts";

/** What every kind of artifact may carry. */
interface ArtifactOptions {
  /** Lower-case letters, digits and dashes; artifacts with one key are versions of one thing. */
  readonly key?: string;
  readonly description?: string;
}

type Cell = string | number | boolean | null;
type Rows = readonly Readonly<Record<string, Cell>>[] | readonly (readonly Cell[])[];

/** Progress that can be moved on. */
export interface ProgressArtifact {
  readonly id: string;
  /** Percent, 0 to 100; what lies beyond is cut off. */
  update(percent: number): Promise<void>;
}

const KEY = /^[a-z0-9-]+$/;

/**
 * Things a run leaves for people to look at. Each belongs to the flow run and task run it is made in, or to none; each
 * call gives the artifact's id. Throws ARTIFACT_KEY_INVALID for a key of other characters.
 *
 * @example
 * await artifacts.table({ key: "pages", rows: [{ url: "/", words: 120 }] });
 */
export const artifacts = {
  markdown: (options: ArtifactOptions & { readonly markdown: string }) => create("markdown", options, options.markdown),

  link: (options: ArtifactOptions & { readonly link: string /** @default the link */; readonly text?: string }) =>
    create("markdown", options, `[${options.text ?? options.link}](${options.link})`),

  /** Rows as objects or lists; a number that is none becomes null. */
  table: (options: ArtifactOptions & { readonly rows: Rows }) => create("table", options, JSON.stringify(options.rows)),

  image: (options: ArtifactOptions & { readonly url: string }) => create("image", options, options.url),

  async progress(options: ArtifactOptions & { readonly percent: number }): Promise<ProgressArtifact> {
    const id = await create("progress", options, clamp(options.percent));
    return {
      id,
      async update(percent) {
        await using lease = await leaseSession();
        await lease.session.client.artifacts.update(id, { data: clamp(percent) });
      },
    };
  },
} as const;

async function create(type: string, { key, description }: ArtifactOptions, data: unknown): Promise<string> {
  if (key !== undefined && !KEY.test(key)) throw ArtifactKeyInvalid(key);
  const { flowRun, taskRun } = currentScope();
  await using lease = await leaseSession();
  const artifact = await lease.session.client.artifacts.create({
    type,
    data,
    ...(key === undefined ? {} : { key }),
    ...(description === undefined ? {} : { description }),
    ...(flowRun === undefined ? {} : { flow_run_id: flowRun.run.id }),
    ...(taskRun === undefined ? {} : { task_run_id: taskRun.run.id }),
  });
  return artifact.id;
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
