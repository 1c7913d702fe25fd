import type { FlowRunInput } from "../../schemas/flow-run.ts";
import type { Http } from "../http.ts";

export const flowRunInputs = (http: Http) => ({
  /** `value` is stored as JSON text. */
  create: (flowRunId: string, input: { key: string; value: unknown; sender?: string }) =>
    http.post(`/flow_runs/${flowRunId}/input`, { ...input, value: JSON.stringify(input.value) }),
  /** The stored text, which is JSON when a client wrote it. */
  read: (flowRunId: string, key: string) => http.text(`/flow_runs/${flowRunId}/input/${encodeURIComponent(key)}`),
  list: (flowRunId: string, query: { prefix: string; limit?: number; exclude_keys?: readonly string[] }) =>
    http.post<readonly FlowRunInput[]>(`/flow_runs/${flowRunId}/input/filter`, query),
  delete: (flowRunId: string, key: string) => http.delete(`/flow_runs/${flowRunId}/input/${encodeURIComponent(key)}`),
});
