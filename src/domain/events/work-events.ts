type Labels = Readonly<Record<string, string>>;

interface Pool {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** A work pool as the resource of its own events. Status events leave the role out. */
export function workPoolResource(pool: Pool): Labels {
  return { ...workPoolLabels(pool), "prefect.resource.role": "work-pool" };
}

export function workPoolLabels(pool: Pool): Labels {
  return {
    "prefect.resource.id": `prefect.work-pool.${pool.id}`,
    "prefect.resource.name": pool.name,
    "prefect.work-pool.type": pool.type,
  };
}

/** What a pool's created and deleted events relate to. */
export function relatedToWorkPool(pool: {
  readonly default_queue_id: string | null;
  readonly resultStorageId: string | null;
}): Labels[] {
  const related: Labels[] = [];
  if (pool.default_queue_id !== null) {
    related.push(resource("work-queue", pool.default_queue_id, "default-queue"));
  }
  if (pool.resultStorageId !== null) related.push(resource("block-document", pool.resultStorageId, "result-storage"));
  return related;
}

export function workQueueResource(queue: { readonly id: string; readonly name: string }): Labels {
  return {
    "prefect.resource.id": `prefect.work-queue.${queue.id}`,
    "prefect.resource.name": queue.name,
    "prefect.resource.role": "work-queue",
  };
}

/** What a deployment's events relate to: its flow, and where and how its runs run. */
export function relatedToDeployment(deployment: {
  readonly flow_id: string;
  readonly flow_name: string;
  readonly work_queue_id: string | null;
  readonly queue_name: string | null;
  readonly work_pool_id: string | null;
  readonly work_pool_name: string | null;
  readonly work_pool_type: string | null;
  readonly storage_document_id: string | null;
  readonly infrastructure_document_id: string | null;
  readonly concurrency_limit_id: string | null;
}): Labels[] {
  const related: Labels[] = [named("flow", deployment.flow_id, deployment.flow_name)];
  const { work_queue_id, queue_name, work_pool_id, work_pool_name, work_pool_type } = deployment;
  if (work_queue_id !== null && queue_name !== null) related.push(named("work-queue", work_queue_id, queue_name));
  if (work_pool_id !== null && work_pool_name !== null) {
    related.push(workPoolResource({ id: work_pool_id, name: work_pool_name, type: work_pool_type ?? "" }));
  }
  const { storage_document_id, infrastructure_document_id, concurrency_limit_id } = deployment;
  if (storage_document_id !== null) related.push(resource("block-document", storage_document_id, "storage"));
  if (infrastructure_document_id !== null) {
    related.push(resource("block-document", infrastructure_document_id, "infrastructure"));
  }
  if (concurrency_limit_id !== null) {
    related.push(resource("concurrency-limit", concurrency_limit_id, "concurrency-limit"));
  }
  return related;
}

function named(kind: string, id: string, name: string): Labels {
  return {
    "prefect.resource.id": `prefect.${kind}.${id}`,
    "prefect.resource.name": name,
    "prefect.resource.role": kind,
  };
}

function resource(kind: string, id: string, role: string): Labels {
  return { "prefect.resource.id": `prefect.${kind}.${id}`, "prefect.resource.role": role };
}

/** The last word of a status event: `not-ready` of NOT_READY. */
export function statusWord(status: string): string {
  return status.toLowerCase().replaceAll("_", "-");
}
