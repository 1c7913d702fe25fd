import { PrefectError } from "../../kit/errors.ts";
import { type OutboundRequest, sendRequest } from "../outbound/request.ts";
import { notificationCalls } from "./calls.ts";
import { type Message, type NotificationBlock, NotificationRefused } from "./message.ts";

const TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 5;

interface Delivery {
  readonly block: NotificationBlock;
  readonly message: Message;
  readonly nowMs: number;
}

/** Sends a notification to all it is for. Gives what went wrong, or undefined when all have it. */
export async function deliver(delivery: Delivery): Promise<string | undefined> {
  const problems: string[] = [];
  try {
    for (const call of notificationCalls(delivery)) {
      const problem = await attempt(call);
      if (problem !== undefined) problems.push(problem);
    }
  } catch (error) {
    if (!(error instanceof NotificationRefused)) throw error;
    problems.push(error.message);
  }
  return problems.length === 0 ? undefined : problems.join("\n");
}

async function attempt(call: OutboundRequest): Promise<string | undefined> {
  try {
    const { status } = await sendRequest({ timeoutMs: TIMEOUT_MS, maxRedirects: MAX_REDIRECTS, ...call });
    return status < 300 ? undefined : `The notification was refused with status ${status}.`;
  } catch (error) {
    if (error instanceof PrefectError) return `The notification was not sent: ${error.message}`;
    throw error;
  }
}
