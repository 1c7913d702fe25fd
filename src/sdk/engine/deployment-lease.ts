import { log } from "../runtime/log.ts";
import type { FlowRunScope } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";
import { describeError } from "./failures.ts";

const LEASE_SECONDS = 300;
const RENEW_EVERY_MS = LEASE_SECONDS * 0.75 * 1000;

/** Keeps the slot that the run holds of its deployment's concurrency limit, if it holds one, until disposed. */
export function keepDeploymentSlot(session: Session, { run }: FlowRunScope): Disposable {
  const leaseId = run.state?.state_details.deployment_concurrency_lease_id;
  if (!leaseId) return { [Symbol.dispose]: () => undefined };
  const renew = () =>
    session.client.concurrencyLimits
      .renew(leaseId, LEASE_SECONDS)
      .catch((error: unknown) =>
        log.error(`The deployment's concurrency slot was not renewed: ${describeError(error)}`),
      );
  const timer = setInterval(renew, RENEW_EVERY_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
