import { randomFillSync } from "node:crypto";

/** The only source of new ids. */
export interface Ids {
  /** A version 7 uuid: lower case, hyphenated, increasing within a process, so that indexes stay compact. */
  next(): string;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Version 7 uuids whose 12 bits after the milliseconds are a counter, so ids of one millisecond stay in order. */
export function uuid7Ids(nowMs: () => number): Ids {
  const pool = Buffer.alloc(8 * 256);
  let used = pool.length;
  let lastMs = 0;
  let counter = 0;

  const takeRandom = () => {
    if (used >= pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += 8;
    return used - 8;
  };
  const tick = () => {
    const ms = Math.floor(nowMs());
    if (ms > lastMs) {
      lastMs = ms;
      counter = 0;
    } else if (++counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  };

  return {
    next() {
      tick();
      const time = lastMs.toString(16).padStart(12, "0");
      const at = takeRandom();
      const byte = (index: number) => HEX[pool[at + index] as number];
      const variant = HEX[((pool[at] as number) & 0x3f) | 0x80];
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${variant}${byte(1)}-${byte(2)}${byte(3)}${byte(4)}${byte(5)}${byte(6)}${byte(7)}`;
    },
  };
}

/** True for any hyphenated uuid, either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
