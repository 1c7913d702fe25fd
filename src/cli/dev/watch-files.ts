import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

const SETTLE_MS = 60;

/** Looks after files; those it is told of later, too. */
export interface FileWatch extends Disposable {
  add(path: string): void;
}

/** Calls `onChange` once a watched file has been saved. Folders are watched, because editors replace files. */
export function watchFiles(onChange: (path: string) => void): FileWatch {
  const folders = new Map<string, FSWatcher>();
  const stamps = new Map<string, number>();
  const settling = new Map<string, NodeJS.Timeout>();

  const check = (path: string) => {
    settling.delete(path);
    const stamp = stampOf(path);
    if (stamp === undefined || stamp === stamps.get(path)) return;
    stamps.set(path, stamp);
    onChange(path);
  };
  const touched = (folder: string, name: string | null) => {
    for (const path of stamps.keys()) {
      if (dirname(path) !== folder || (name !== null && basename(path) !== name)) continue;
      clearTimeout(settling.get(path));
      settling.set(
        path,
        setTimeout(() => check(path), SETTLE_MS),
      );
    }
  };
  return {
    add(path) {
      if (stamps.has(path)) return;
      stamps.set(path, stampOf(path) ?? 0);
      const folder = dirname(path);
      if (!folders.has(folder))
        folders.set(
          folder,
          watch(folder, (_, name) => touched(folder, name)),
        );
    },
    [Symbol.dispose]() {
      for (const timer of settling.values()) clearTimeout(timer);
      for (const watcher of folders.values()) watcher.close();
    },
  };
}

/** Changes with every save; undefined while the file is away. */
function stampOf(path: string): number | undefined {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return mtimeMs + size + ino;
  } catch {
    return undefined;
  }
}
