import { randomUUID } from "node:crypto";
import { isRecord } from "../../../src/kit/schema/schema.ts";
import { waitUntil } from "../../support/disposable.ts";
import { subscribe } from "../../support/stream-subscriber.ts";
import { type Api, createApi, type Exchange } from "../api.ts";
import { type Normalised, normalise } from "../normalise.ts";
import type { Script } from "../script.ts";
import type { Subject } from "../subject.ts";

type Labels = Readonly<Record<string, string>>;

interface Told {
  readonly id: string;
  readonly occurred: string;
  readonly received: string;
  readonly event: string;
  readonly resource: Labels;
  readonly related: readonly Labels[];
  readonly payload: unknown;
  readonly follows: string | null;
}

const ALL_TIMES = { since: "2000-01-01T00:00:00Z", until: "2100-01-01T00:00:00Z" };
const END = "test.end-of-script-";
/** Of events that a script sends only to cause others, as often as it takes. */
export const CAUSE = "test.cause";
/** The reference stores events when so many are waiting, or five seconds later. */
const STORED_TOGETHER = 20;

/**
 * Runs a script against a server without events. Gives what it made the server tell: on `/events/out` while it ran, and
 * on `/events/filter` afterwards.
 */
export async function recordStreams({ run }: Script, server: Subject): Promise<readonly Normalised[]> {
  using stream = await subscribe<{ readonly event: Told }>(server, "/events/out", {
    type: "filter",
    filter: { occurred: ALL_TIMES },
  });
  await stream.settled();
  const api = createApi(server.apiUrl, server);
  await run(api);

  // Events are told and stored in the order in which they were made.
  const end = `${END}${randomUUID()}`;
  await afterBackgroundTasks(createApi(server.apiUrl, server), end);
  await createApi(server.apiUrl, server).post(
    "/events",
    Array.from({ length: STORED_TOGETHER }, () => endEvent(end)),
  );
  const live = await waitUntil("the live events", () => upTo(end, told(stream.received)));
  const stored = await waitUntil("the stored events", async () => upTo(end, await listEvents(server)));
  const shown = (title: string, events: readonly Told[]) =>
    normalise([...api.exchanges, exchangeOf(title, byResource(events, api.exchanges))], server.url).slice(-1);
  return [...shown("live events", live), ...shown("stored events", stored)];
}

/** Polls are noted after they are answered: once this one is, so are those before. */
async function afterBackgroundTasks(api: Api, name: string): Promise<void> {
  await api.post("/work_pools/", { name, type: "process" });
  await api.post(`/work_pools/${name}/get_scheduled_flow_runs`, {});
  await api.until(
    () => api.get(`/work_pools/${name}/queues/default`),
    (answer) => answer.at("status") === "READY",
  );
}

const told = (frames: readonly { readonly event: Told }[]) => frames.map(({ event }) => event);

function endEvent(event: string) {
  return {
    id: randomUUID(),
    occurred: new Date().toISOString(),
    event,
    resource: { "prefect.resource.id": "test.end" },
  };
}

/** The script's events once its end is among them. */
function upTo(end: string, events: readonly Told[]): readonly Told[] | undefined {
  if (!events.some(({ event }) => event === end)) return undefined;
  return events.filter(
    (event) => event.resource["prefect.resource.id"] !== CAUSE && !JSON.stringify(event).includes(END),
  );
}

async function listEvents(server: Subject): Promise<readonly Told[]> {
  const api = createApi(server.apiUrl, server);
  const events: Told[] = [];
  let page = await api.post("/events/filter", { filter: { occurred: ALL_TIMES, order: "ASC" }, limit: 50 });
  for (;;) {
    events.push(...(page.at("events") as readonly Told[]));
    const next = page.at("next_page");
    if (typeof next !== "string") return events;
    const { pathname, search } = new URL(next);
    page = await api.get(pathname.replace("/api", "") + search);
  }
}

/** The events of each resource, in their order. */
function byResource(events: readonly Told[], exchanges: readonly Exchange[]): readonly unknown[] {
  const answered = JSON.stringify(exchanges.map(({ body }) => body));
  const asked = JSON.stringify(exchanges.map(({ requestBody }) => requestBody));
  const groups = Map.groupBy(events, ({ resource }) => resource["prefect.resource.id"]);
  return [...groups.values()].map((group) =>
    group.map(({ id, occurred, received: _received, resource, payload, follows, ...rest }) => ({
      ...rest,
      id: answered.includes(id) ? id : "<its own>",
      occurred: resource[STATE_TIME] === occurred.replace("Z", "+00:00") ? "<the state's>" : "<its own>",
      resource: withoutChance(resource, { answered, asked }),
      payload: sortedFields(payload),
      follows: follows === null ? null : placeOf(follows, group),
    })),
  );
}

function placeOf(id: string, group: readonly Told[]): string {
  const index = group.findIndex((event) => event.id === id);
  return index < 0 ? "an event of another resource" : `event ${index} of this resource`;
}

const STATE_TIME = "prefect.state-timestamp";
const MADE_UP_NAME = /^[a-z]+-[a-z]+$/;

/** The time of a state is only known from answers; the names of runs are made up. */
function withoutChance(
  resource: Labels,
  { answered, asked }: { readonly answered: string; readonly asked: string },
): Labels {
  const time = resource[STATE_TIME];
  const name = resource["prefect.resource.name"] ?? "";
  const isMadeUp = MADE_UP_NAME.test(name) && !asked.includes(`"${name}"`);
  return {
    ...resource,
    ...(time === undefined ? {} : { [STATE_TIME]: shownTime(time, answered) }),
    ...(isMadeUp ? { "prefect.resource.name": "<made up>" } : {}),
  };
}

function shownTime(time: string, answered: string): string {
  const [text = "", zone] = [time.slice(0, -6), time.slice(-6)];
  return `${answered.includes(text) ? "<shown>" : "<not shown>"}${zone}`;
}

/** The reference lists what was updated as a set gives it. */
function sortedFields(payload: unknown): unknown {
  if (!isRecord(payload) || !Array.isArray(payload.updated_fields)) return payload;
  return { ...payload, updated_fields: payload.updated_fields.toSorted() };
}

function exchangeOf(title: string, body: unknown): Exchange {
  return { title, requestBody: undefined, status: 200, headers: {}, body, options: { unordered: ["body"] } };
}
