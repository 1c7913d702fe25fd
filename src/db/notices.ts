/** What a listener on a channel is told. Neither may throw or block. */
export interface NoticeListener {
  onNotice(text: string): void;
  /** Nothing was heard until now: notices of the last `seconds` may have been missed. */
  onGap(seconds: number): void;
}

/**
 * Short texts between the processes that share a database. They are hints: whoever is told reads the rows, and nothing
 * that must happen may depend on one.
 */
export interface Notices {
  /** False where no other process can be told, so that senders may spare themselves the work. */
  readonly reachOthers: boolean;
  /** Tells every process that listens, this one too. A text may have 7,900 bytes. */
  send(channel: string, texts: readonly string[]): Promise<void>;
  /** Gives the function that ends it. Until the connection is there nothing is heard, and `onGap` is called once it is. */
  listen(channel: string, listener: NoticeListener): () => void;
}

/** For a database that belongs to one process. */
export const noNotices: Notices = {
  reachOthers: false,
  send: async () => undefined,
  listen: () => () => undefined,
};
