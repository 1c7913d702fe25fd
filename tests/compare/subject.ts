import { startTestServer } from "../../src/testing/index.ts";
import { postgresUrl } from "../support/postgres.ts";
import type { DatabaseKind } from "../support/reference.ts";
import { startQuietReference } from "./recording.ts";

/** A running server under test. */
export interface Subject extends AsyncDisposable {
  readonly url: string;
  readonly apiUrl: string;
  /** See ApiOptions: only the reference asks for it. */
  readonly retriesUnavailable?: boolean;
}

/** Opens servers with an empty database, one per script. */
export interface Subjects extends AsyncDisposable {
  open(): Promise<Subject>;
}

/**
 * Our server, new for each script. PREFECT_TS_COMPARE_WITH=reference puts the reference in its place: what differs
 * then is a script whose answers depend on chance.
 */
export function subjects(database: DatabaseKind): Subjects {
  return process.env.PREFECT_TS_COMPARE_WITH === "reference" ? referenceSubjects(database) : ourSubjects(database);
}

/** As the reference is started here: both know only the block types that a script makes. */
const WITHOUT_BLOCKS = { PREFECT_SERVER_REGISTER_BLOCKS_ON_START: "false" };

function ourSubjects(database: DatabaseKind): Subjects {
  return {
    open: () => startTestServer({ database, postgresUrl: postgresUrl(), env: WITHOUT_BLOCKS }),
    async [Symbol.asyncDispose]() {},
  };
}

function referenceSubjects(database: DatabaseKind): Subjects {
  const server = startQuietReference(database);
  return {
    async open() {
      const { url, apiUrl, clear } = await server;
      await clear();
      return { url, apiUrl, retriesUnavailable: true, async [Symbol.asyncDispose]() {} };
    },
    async [Symbol.asyncDispose]() {
      await (await server)[Symbol.asyncDispose]();
    },
  };
}
