import { setFlagsFromString } from "node:v8";

/**
 * Starts something that then lives long without letting the garbage of starting grow the heap: V8 never gives back a
 * young generation that it has once enlarged. Saves a server 15 MB of its idle memory.
 */
export async function leanly<T>(start: () => Promise<T>): Promise<T> {
  setFlagsFromString("--semi-space-growth-factor=1");
  try {
    return await start();
  } finally {
    // V8's default: from here on the heap grows with the load.
    setFlagsFromString("--semi-space-growth-factor=2");
  }
}
