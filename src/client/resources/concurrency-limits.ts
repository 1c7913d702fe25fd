import type { ConcurrencyLimitWithLeaseResponse as LeaseGrant } from "../../schemas/concurrency-limit.ts";
import type { Http } from "../http.ts";

export interface LeaseRequest {
  readonly names: readonly string[];
  readonly slots: number;
  readonly mode: "concurrency" | "rate_limit";
  /** Seconds, at least 60. */
  readonly lease_duration: number;
  readonly holder?: { readonly type: "flow_run" | "task_run" | "deployment"; readonly id: string };
}

export const concurrencyLimits = (http: Http) => ({
  /** Throws API_REQUEST_FAILED with status 423 when no slot is free. */
  acquire: (request: LeaseRequest) => http.post<LeaseGrant>("/v2/concurrency_limits/increment-with-lease", request),
  renew: (leaseId: string, leaseDurationSeconds: number) =>
    http.post<void>(`/v2/concurrency_limits/leases/${leaseId}/renew`, { lease_duration: leaseDurationSeconds }),
  release: (leaseId: string) => http.post<void>("/v2/concurrency_limits/decrement-with-lease", { lease_id: leaseId }),
});
