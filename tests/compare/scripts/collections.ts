import { script, scriptFile } from "../script.ts";

export const collections = scriptFile(import.meta.url, "collections", [
  script("views of the collections", async (api) => {
    // What is in them is compared without its texts in tests/server/collections.
    const ignore = ["aws", "azure", "docker", "gcp", "kubernetes"].map((name) => `prefect-${name}`).concat("prefect");
    await api.get("/collections/views/aggregate-worker-metadata", { ignore });
    await api.get("/collections/views/unknown");
    await api.get("/collections/views/");
    await api.post("/collections/views/demo-flows", {});
  }),

  script("task workers when nobody serves", async (api) => {
    await api.post("/task_workers/filter");
    await api.post("/task_workers/filter", {});
    await api.post("/task_workers/filter", { task_worker_filter: null });
    await api.post("/task_workers/filter", { task_worker_filter: { task_keys: [] } });
    await api.post("/task_workers/filter", { task_worker_filter: { task_keys: ["key"], extra: 1 } });
    await api.post("/task_workers/filter", { task_worker_filter: {} });
    await api.post("/task_workers/filter", { task_worker_filter: { task_keys: "key" } });
  }),

  script("block types that the server relies on", async (api) => {
    await api.post("/block_types/install_system_block_types");
    for (const slug of ["webhook", "secret", "local-file-system"]) {
      const ignore = ["description", "logo_url", "documentation_url", "code_example"];
      const { id } = await api.get(`/block_types/slug/${slug}`, { ignore });
      await api.delete(`/block_types/${id}`);
    }
  }),
]);
