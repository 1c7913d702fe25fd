import fc from "fast-check";
import { isRecord } from "../../../src/kit/schema/schema.ts";
import type { Route } from "../../../src/server/route.ts";
import { routes } from "../../../src/server/routes.ts";
import { bodySchema, places } from "../../support/hostile/schema-paths.ts";
import type { Step } from "../steps.ts";
import { blockType, fittingValue, labels, likelyName, reference } from "./values.ts";

/** Left to the scripts, which can wait: what the reference does after it has answered, or answers by its surroundings. */
const LEFT_OUT =
  /^\/(?:admin|collections|csrf-token|events|block_capabilities|block_(?:type|schema)s\/filter|health|hello|version|ready|task_workers)|get_scheduled_flow_runs|get_runs|install_system|work_queue_check|\/history$/;

const ODD: readonly unknown[] = [null, "", -1, 1.5, true, "text", [], {}, [null], "2030-01-01", 4_294_967_296];

/** Ids in paths, by the path's beginning. */
const KINDS: readonly (readonly [path: RegExp, kind: string])[] = [
  [/^\/(flow_run|task_run)_states/, "$1_states"],
  [/^\/v2\/concurrency_limits/, "global_limits"],
  [/^\/(\w+)/, "$1"],
];

/** What most requests need, so that they are not all about things that are not there. */
const BEGINNINGS: readonly Step[] = [
  { method: "POST", path: "/flows/", body: { name: "alpha", tags: ["x"] } },
  { method: "POST", path: "/work_pools/", body: { name: "alpha", type: "process" } },
  { method: "POST", path: "/work_pools/alpha/queues", body: { name: "beta" } },
  {
    method: "POST",
    path: "/deployments/",
    body: {
      name: "alpha",
      flow_id: "{{flows.0}}",
      work_pool_name: "alpha",
      schedules: [{ schedule: { cron: "@daily" } }],
    },
  },
  { method: "POST", path: "/flow_runs/", body: { flow_id: "{{flows.0}}", name: "alpha", state: { type: "RUNNING" } } },
  { method: "POST", path: "/deployments/{{deployments.0}}/create_flow_run", body: {} },
  {
    method: "POST",
    path: "/task_runs/",
    body: { name: "alpha", flow_run_id: "{{flow_runs.0}}", task_key: "a-task", dynamic_key: "0" },
  },
  { method: "POST", path: "/variables/", body: { name: "alpha", value: 1 } },
  { method: "POST", path: "/artifacts/", body: { key: "alpha", type: "table", flow_run_id: "{{flow_runs.0}}" } },
  { method: "POST", path: "/concurrency_limits/", body: { tag: "alpha", concurrency_limit: 1 } },
  { method: "POST", path: "/v2/concurrency_limits/", body: { name: "alpha", limit: 2 } },
];

const FEWEST = 8;
const MOST = 30;

/** Sequences of requests that make things, change them, look for them and delete them; some requests do not fit. */
export function sequences(): fc.Arbitrary<readonly Step[]> {
  const used = routes.filter(({ path, hidden }) => hidden !== true && !LEFT_OUT.test(path));
  const making = used.filter(({ path, method }) => method === "POST" && isMaking(path));
  const states = used.filter(({ path }) => path.endsWith("/set_state"));
  const others = used.filter((route) => !(making.includes(route) || states.includes(route)));
  const step = fc.oneof(
    { arbitrary: fc.oneof(...making.map(stepOf)), weight: 4 },
    { arbitrary: fc.oneof(...states.map(stepOf)), weight: 2 },
    { arbitrary: fc.oneof(...others.map(stepOf)), weight: 7 },
  );
  const beginning = fc.subarray([...BEGINNINGS]);
  const rest = fc.array(step, { minLength: FEWEST, maxLength: MOST, size: "max" });
  return fc.tuple(beginning, rest).map((both) => both.flat());
}

function isMaking(path: string): boolean {
  return /^\/(?:v2\/)?\w+\/$|\/queues$|\/schedules$|create_flow_run$/.test(path);
}

function stepOf(route: Route): fc.Arbitrary<Step> {
  const path = pathOf(route);
  if (route.body === undefined) return path.map((filled) => ({ method: route.method, path: filled }));
  // The reference takes labels that it cannot read again.
  if (route.path.endsWith("/labels")) return fc.record({ method: fc.constant(route.method), path, body: labels() });
  // A name that is taken under another slug makes the reference answer with the wrong one.
  if (route.path === "/block_types/") return fc.record({ method: fc.constant("POST"), path, body: blockType() });
  const schema = bodySchema(route.body);
  const spots = places(schema)
    .map((place) => place.path)
    .filter((spot) => spot.indexOf("triggers") === spot.lastIndexOf("triggers"));
  return fc
    .record({
      path,
      body: fittingValue(schema),
      oddity: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 7 },
        { arbitrary: fc.record({ at: fc.nat(), value: fc.constantFrom(...ODD) }), weight: 1 },
      ),
    })
    .map(({ path: filled, body, oddity }) => {
      const spot = oddity && spots[oddity.at % Math.max(1, spots.length)];
      const sent = spot && oddity ? withValueAt(body, spot, oddity.value) : body;
      return { method: route.method, path: filled, body: sent };
    });
}

function pathOf(route: Route): fc.Arbitrary<string> {
  const [, kind = "$1"] = KINDS.find(([pattern]) => pattern.test(route.path)) ?? [];
  const own = KINDS.find(([pattern]) => pattern.test(route.path))?.[0].exec(route.path)?.[1] ?? "";
  const names = Array.from(route.path.matchAll(/\{(\w+)(?::uuid)?\}/g), ([, name = ""]) => name);
  const queries = Object.keys((route.query?.component?.node.properties ?? {}) as object);
  const value = (name: string) => {
    if (name === "id") return reference(kind.replace("$1", own));
    return /_id$/.test(name) ? reference(`${name.slice(0, -"_id".length)}s`) : likelyName();
  };
  return fc.record(Object.fromEntries([...names, ...queries].map((name) => [name, value(name)]))).map((filled) => {
    const path = route.path.replaceAll(/\{(\w+)(?::uuid)?\}/g, (_all, name: string) => filled[name] ?? "");
    const query = queries.map((name) => `${name}=${filled[name]}`).join("&");
    return query === "" ? path : `${path}?${query}`;
  });
}

/** What is missing on the way is made. */
function withValueAt(value: unknown, [key, ...rest]: readonly (string | number)[], inner: unknown): unknown {
  if (key === undefined) return inner;
  if (typeof key === "number") {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return [withValueAt(items[0], rest, inner), ...items.slice(1)];
  }
  const fields = isRecord(value) ? value : {};
  return { ...fields, [key]: withValueAt(fields[key], rest, inner) };
}
