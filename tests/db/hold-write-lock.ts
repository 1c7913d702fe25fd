import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";

/** Holds the write lock of the SQLite file given as argument until standard input ends. */
const database = new DatabaseSync(process.argv[2] ?? "");
database.exec("BEGIN IMMEDIATE");
process.stdout.write("locked\n");
process.stdin.resume();
await once(process.stdin, "end");
database.exec("ROLLBACK");
database.close();
