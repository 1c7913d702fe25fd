import type { EventCriteria } from "../../../src/db/filters/event.ts";
import { at, uuid } from "./seed.ts";

const [completed, failed, custom] = ["prefect.flow-run.Completed", "prefect.flow-run.Failed", "custom_event"];
const all = [completed, failed, custom];
const occurred = { since: at("00:00:00"), until: at("23:00:00") };

const cases: readonly (readonly [title: string, filter: EventCriteria, found: readonly string[]])[] = [
  ["nothing but a range: all", {}, all],
  ["bounds are inclusive", { occurred: { since: at("11:00:00"), until: at("12:00:00") } }, [failed, custom]],
  ["empty parts: all", { event: {}, resource: {}, related: {}, any_resource: [], id: { id: [] } }, all],
  ["ids", { id: { id: [uuid(141), uuid(142)] } }, [failed, custom]],
  ["prefixes", { event: { prefix: ["prefect.flow-run.C", "custom"] } }, [completed, custom]],
  ["prefixes to leave out", { event: { exclude_prefix: ["prefect.flow-run.C", "x"] } }, [failed, custom]],
  ["names", { event: { name: [custom, "prefect"] } }, [custom]],
  ["names to leave out", { event: { exclude_name: [custom, failed] } }, [completed]],
  ["no names: all", { event: { name: [], prefix: [] } }, all],
  ["primary resources", { resource: { id: ["prefect.flow-run.1", "prefect.flow.1"] } }, [completed]],
  ["primary resources by prefix", { resource: { id_prefix: ["prefect."] } }, [completed, failed]],
  ["a label", { resource: { labels: { "prefect.resource.name": "done" } } }, [completed]],
  [
    "a label, in any of its values",
    { resource: { labels: { "prefect.resource.name": ["done", "busy"] } } },
    [completed, failed],
  ],
  ["a label with a dot and wildcards", { resource: { labels: { "a.b": ["x?y"] } } }, [completed, failed]],
  ["_ is no wildcard", { resource: { labels: { "a.b": "x_y" } } }, [completed]],
  ["% is no wildcard", { resource: { labels: { "a.b": "x%" } } }, []],
  ["a label that is not so", { resource: { labels: { "a.b": "!x_*" } } }, [failed]],
  ["a label without values: none", { resource: { labels: { "a.b": [] } } }, []],
  ["a label nobody has: none", { resource: { labels: { "$.a'": "x", 'q"': ["*"] } } }, []],
  ["the id as a label", { resource: { labels: { "prefect.resource.id": "prefect.flow-run.*" } } }, [completed, failed]],
  ["related resources", { related: { id: ["prefect.tag.x"] } }, [failed]],
  ["a primary resource is no related one", { related: { id: ["my.thing"] } }, []],
  ["roles", { related: { role: ["flow", "tag"] } }, [completed, failed]],
  [
    "resources in roles",
    {
      related: {
        resources_in_roles: [
          ["prefect.tag.x", "tag"],
          ["prefect.flow.1", "tag"],
        ],
      },
    },
    [failed],
  ],
  [
    "related labels",
    { related: { labels: { "prefect.resource.role": ["tag"], "prefect.resource.id": "*.x" } } },
    [failed],
  ],
  ["several related resources", { related: [{ role: ["flow"] }, { id: ["prefect.tag.x"] }] }, [failed]],
  ["any resource", { any_resource: { id: ["my.thing", "prefect.tag.x"] } }, [failed, custom]],
  ["any resource by prefix", { any_resource: { id_prefix: ["prefect.flow."] } }, [completed, failed]],
  [
    "several resources",
    { any_resource: [{ id: ["prefect.flow.1"] }, { labels: { "prefect.resource.name": "busy" } }] },
    [failed],
  ],
  [
    "a resource out of the range",
    { occurred: { since: at("10:30:00"), until: at("23:00:00") }, related: { role: ["flow"] } },
    [failed],
  ],
  ["text of the payload", { text: { query: '"hello world" -custom' } }, [completed, failed]],
  ["text of a resource", { text: { query: "xzy +failed" } }, [failed]],
  ["hostile text", { text: { query: `'; drop "%_\\` } }, []],
];

export const eventCases = cases.map(([title, filter, found]) => [title, { occurred, ...filter }, found] as const);
