import { script, scriptFile } from "../script.ts";
import { UNKNOWN_ID } from "./common.ts";

export const admin = scriptFile(import.meta.url, "admin", [
  script("default result storage", async (api) => {
    await api.get("/admin/storage");
    await api.put("/admin/storage", { default_result_storage_block_id: UNKNOWN_ID });
    await api.put("/admin/storage", {});
    await api.put("/admin/storage", { default_result_storage_block_id: "x" });
    await api.delete("/admin/storage");
  }),

  script("a slash too many or too few", async (api) => {
    await api.get("/flows");
    await api.post("/flows/filter/?x=1", {});
    await api.get("/health/");
    await api.get("/nothing/");
    await api.get(`/flows/${UNKNOWN_ID}/`);
  }),

  script("preflights and origins", async (api) => {
    const origin = "http://elsewhere.example";
    await api.send("OPTIONS", "/flows/filter", {
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-a, content-type",
      },
    });
    await api.send("OPTIONS", "/flows/filter");
    await api.get("/health", { headers: { origin } });
  }),
]);
