import { ApiConflict, ApiNotFound, type Client } from "../client/index.ts";
import type { WorkPoolResponse as WorkPool } from "../schemas/work-pool.ts";
import { DefaultTemplateNotFound } from "./errors.ts";

export interface PoolWish {
  readonly name: string;
  readonly type: string;
  /** For a pool that is made; that of its type when left out. */
  readonly baseJobTemplate?: object | undefined;
  /** Whether a pool that is not there is made. */
  readonly isMade: boolean;
}

/** The pool as it is now, made if need be, with a template; undefined when it is not there and must not be made. */
export async function syncWorkPool(client: Client, wish: PoolWish): Promise<WorkPool | undefined> {
  const found = await findPool(client, wish.name);
  if (!found) return wish.isMade ? await makePool(client, wish) : undefined;
  if (Object.keys(found.base_job_template).length > 0) return found;
  const base_job_template = await templateFor(client, wish);
  await client.workPools.update(wish.name, { base_job_template });
  return { ...found, base_job_template: base_job_template as WorkPool["base_job_template"] };
}

async function findPool(client: Client, name: string): Promise<WorkPool | undefined> {
  try {
    return await client.workPools.read(name);
  } catch (error) {
    if (ApiNotFound.is(error)) return undefined;
    throw error;
  }
}

async function makePool(client: Client, wish: PoolWish): Promise<WorkPool> {
  const { name, type } = wish;
  try {
    return await client.workPools.create({ name, type, base_job_template: await templateFor(client, wish) });
  } catch (error) {
    // Another worker of the pool was faster.
    if (ApiConflict.is(error)) return await client.workPools.read(name);
    throw error;
  }
}

/** Every API knows the templates of all types, so that pools made by anyone suit the workers of everyone. */
async function templateFor(client: Client, { type, baseJobTemplate }: PoolWish): Promise<object> {
  if (baseJobTemplate !== undefined) return baseJobTemplate;
  const packages = await client.collections.workers();
  const known = Object.values(packages).find((workers) => workers[type] !== undefined)?.[type];
  if (!known) throw DefaultTemplateNotFound(type);
  return known.default_base_job_configuration;
}
