import type { WebSocket } from "ws";
import type { Claim } from "../../db/repositories/background-tasks.ts";
import * as s from "../../kit/schema/schema.ts";
import { compareTimestamps } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import {
  claimTask,
  forgetWorker,
  giveBackTask,
  nextTaskMayBe,
  observeWorker,
  RENEW_EVERY_MS,
  renewTask,
  settleTask,
} from "../task-queue.ts";
import { createInbox, type Inbox } from "./inbox.ts";

const PROTOCOL_VIOLATION = 4001;
const INTERNAL_ERROR = 1011;

interface Subscriber {
  readonly taskKeys: readonly string[];
  readonly identifier: string;
}

/**
 * `/task_runs/subscriptions/scheduled`: the first message is `{"type": "subscribe", "keys", "client_id"}`. Background
 * tasks of these keys are sent one at a time, as bare task runs, each to be answered `{"type": "ack"}`; what is not goes
 * to somebody else. `{"type": "quit"}` ends the connection.
 */
export function serveTaskQueue(ctx: ServerContext, socket: WebSocket): undefined {
  const inbox = createInbox(socket);
  serve(ctx, socket, inbox).catch((error: unknown) => {
    ctx.log.error({ err: error }, "background tasks could not be handed out");
    socket.close(INTERNAL_ERROR);
  });
}

async function serve(ctx: ServerContext, socket: WebSocket, inbox: Inbox): Promise<void> {
  const first = await inbox.next();
  if (first === undefined) return;
  const subscriber = readSubscription(parse(first));
  if (typeof subscriber === "string") return violation(socket, subscriber);
  try {
    let observeAgain = ctx.clock.now();
    while (!inbox.isClosed) {
      if (compareTimestamps(ctx.clock.now(), observeAgain) >= 0) observeAgain = await observeWorker(ctx, subscriber);
      const task = await claimTask(ctx, subscriber.taskKeys);
      const goesOn = task
        ? await handOver(ctx, { socket, inbox }, task)
        : await rest(ctx, { socket, inbox }, subscriber);
      if (!goesOn) return;
    }
  } finally {
    await forgetWorker(ctx, subscriber.identifier);
  }
}

/** A text says which part of the request is missing. */
function readSubscription(message: Message): Subscriber | string {
  if (message.type !== "subscribe") return "expected 'subscribe' message";
  const { keys, client_id } = message;
  const isList = Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === "string");
  if (!isList) return "expected 'keys' in subscribe message";
  if (typeof client_id !== "string" || client_id === "") return "expected 'client_id' in subscribe message";
  return { taskKeys: keys, identifier: client_id };
}

interface Peer {
  readonly socket: WebSocket;
  readonly inbox: Inbox;
}

/** Sends one task and waits, however long the worker is busy, for its answer. Returns whether to go on. */
async function handOver(
  ctx: ServerContext,
  { socket, inbox }: Peer,
  task: { readonly claim: Claim; readonly taskRun: unknown },
): Promise<boolean> {
  const hold = keepHold(ctx, task.claim);
  socket.send(JSON.stringify(task.taskRun));
  const answer = await inbox.next();
  const type = answer === undefined ? undefined : parse(answer).type;
  const claim = await hold.end();
  if (type === "ack") {
    await settleTask(ctx, claim);
    return true;
  }
  await giveBackTask(ctx, claim);
  if (type === "quit") socket.close(1000);
  else if (answer !== undefined) violation(socket, "expected 'ack' message");
  return false;
}

/** Renews a claim until told to end; gives it then as it is. */
function keepHold(ctx: ServerContext, first: Claim): { end(): Promise<Claim> } {
  let claim = Promise.resolve(first);
  const timer = setInterval(() => {
    claim = claim.then(async (held) => {
      try {
        return (await renewTask(ctx, held)) ?? held;
      } catch (error) {
        ctx.log.warn({ err: error }, "the hold on a background task could not be renewed");
        return held;
      }
    });
  }, RENEW_EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      return claim;
    },
  };
}

/** Waits until there may be a task, or the worker says that it goes. Returns whether to go on. */
async function rest(ctx: ServerContext, { socket, inbox }: Peer, { taskKeys }: Subscriber): Promise<boolean> {
  const stopWaiting = new AbortController();
  const message = await Promise.race([
    inbox.next(stopWaiting.signal),
    nextTaskMayBe(ctx, taskKeys, stopWaiting.signal),
  ]);
  stopWaiting.abort();
  if (inbox.isClosed) return false;
  if (typeof message !== "string" || parse(message).type !== "quit") return true;
  socket.close(1000);
  return false;
}

function violation(socket: WebSocket, what: string): void {
  socket.close(PROTOCOL_VIOLATION, `Protocol violation: ${what}`);
}

type Message = Readonly<Record<string, unknown>>;

function parse(text: string): Message {
  try {
    const message: unknown = JSON.parse(text);
    return s.isRecord(message) ? message : {};
  } catch {
    return {};
  }
}
