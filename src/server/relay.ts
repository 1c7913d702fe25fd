import { randomBytes } from "node:crypto";
import type { Notices } from "../db/notices.ts";
import type { Logger } from "../kit/logger.ts";

/** What is published within this time travels together. */
const COLLECT_MS = 20;
/** As many ids as fit into one notice. */
const IDS_PER_NOTICE = 200;
/** Ids of others that are read at once. */
const READ_BATCH = 500;
/** What waits to be sent, or to be read, beyond this is given up; subscribers are told of the gap. */
const MAX_WAITING = 20_000;
/** Stands for ids that were too many, and how old the first of them may be. */
const GAP = "!";
const GAP_SECONDS = 30;

export interface RelaySubscriber<T> {
  /** Must not throw or block. */
  onItems(items: readonly T[]): void;
  /** Items may have been missed that others have published in the last `seconds`. */
  onGap?(seconds: number): void;
}

/**
 * Carries what was just committed to subscribers in this process, and in all others that share the database: those are
 * sent ids only, and read the rows.
 */
export interface Relay<T> {
  /** Call only after the commit. */
  publish(items: readonly T[]): void;
  /** Gives the function that ends the subscription. */
  subscribe(subscriber: RelaySubscriber<T>): () => void;
  /** Sends what is still waiting. */
  close(): Promise<void>;
}

export interface RelayOptions<T> {
  readonly channel: string;
  readonly notices: Notices;
  readonly log: Logger;
  idOf(item: T): string;
  /** Those of the ids that are still there. */
  read(ids: readonly string[]): Promise<readonly T[]>;
}

export function createRelay<T>(options: RelayOptions<T>): Relay<T> {
  const { notices, channel, idOf } = options;
  const subscribers = new Set<RelaySubscriber<T>>();
  const self = randomBytes(6).toString("base64url");
  const sender = createSender(options, self);
  const receiver = createReceiver(options, subscribers);
  let stopListening: (() => void) | undefined;

  const listen = () =>
    notices.listen(channel, {
      onNotice(text) {
        const [from, ids = ""] = text.split(" ");
        if (from !== self) receiver.add(ids);
      },
      onGap: receiver.gap,
    });
  return {
    publish(items) {
      if (items.length === 0) return;
      for (const { onItems } of subscribers) onItems(items);
      if (notices.reachOthers) sender.add(items.map(idOf));
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      stopListening ??= listen();
      return () => {
        subscribers.delete(subscriber);
        if (subscribers.size > 0) return;
        stopListening?.();
        stopListening = undefined;
      };
    },
    async close() {
      stopListening?.();
      await sender.idle();
    },
  };
}

/** Collects ids and sends them, one statement at a time. */
function createSender<T>({ notices, channel, log }: RelayOptions<T>, self: string) {
  let waiting: string[] = [];
  let hasGap = false;
  let sending: Promise<void> | undefined;

  const send = async () => {
    while (waiting.length > 0 || hasGap) {
      await new Promise((resolve) => setTimeout(resolve, COLLECT_MS));
      const texts = noticesOf(waiting, hasGap);
      waiting = [];
      hasGap = false;
      try {
        await notices.send(
          channel,
          texts.map((text) => `${self} ${text}`),
        );
      } catch (error) {
        // The others notice by themselves that the database was away.
        log.warn({ err: error, channel }, "other servers could not be told what is new");
      }
    }
    sending = undefined;
  };
  return {
    add(ids: readonly string[]) {
      if (waiting.length + ids.length > MAX_WAITING) {
        waiting = [];
        hasGap = true;
      } else waiting.push(...ids);
      sending ??= send();
    },
    async idle() {
      await sending;
    },
  };
}

function noticesOf(ids: readonly string[], hasGap: boolean): string[] {
  const texts = hasGap ? [GAP] : [];
  for (let at = 0; at < ids.length; at += IDS_PER_NOTICE) texts.push(ids.slice(at, at + IDS_PER_NOTICE).join(","));
  return texts;
}

/** Reads what others have published, in the order of their notices. */
function createReceiver<T>({ read, channel, log }: RelayOptions<T>, subscribers: ReadonlySet<RelaySubscriber<T>>) {
  let waiting: string[] = [];
  let isReading = false;

  const gap = (seconds = GAP_SECONDS) => {
    for (const { onGap } of subscribers) onGap?.(seconds);
  };
  const readAll = async () => {
    isReading = true;
    while (waiting.length > 0 && subscribers.size > 0) {
      try {
        const items = await read(waiting.splice(0, READ_BATCH));
        if (items.length > 0) for (const { onItems } of subscribers) onItems(items);
      } catch (error) {
        log.warn({ err: error, channel }, "what other servers have written could not be read");
        gap();
      }
    }
    waiting = [];
    isReading = false;
  };
  return {
    gap,
    add(ids: string) {
      if (ids === GAP || waiting.length > MAX_WAITING) {
        waiting = [];
        return gap();
      }
      waiting.push(...ids.split(","));
      if (!isReading) void readAll();
    },
  };
}
