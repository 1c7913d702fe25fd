import { describe, expect, test } from "vitest";
import { blockChecksum } from "../../../src/domain/blocks/block-checksum.ts";
import { parseJson } from "../../../src/kit/json.ts";
import { runPython } from "../../support/python.ts";
import { missing } from "../../support/require.ts";

const own = [
  "{}",
  '{"title": "T", "secret_fields": ["a"], "properties": {"p": {"secret_fields": [], "items": [{"secret_fields": 1}]}}}',
  '{"definitions": {}}',
  '{"definitions": {"A": {"block_type_slug": "a"}}, "properties": {"a": {"$ref": "#/definitions/A"}}}',
  '{"definitions": {"A": {"block_type_slug": null, "x": {"$ref": "#/definitions/B"}}, "B": {"y": 1}}, "p": {"$ref": "#/definitions/A"}}',
  '{"definitions": {"A": {}, "B": {"n": 1.0}}, "p": [{"$ref": "#/definitions/A"}, {"$ref": "#/definitions/B"}]}',
];

/** Every block the release knows, as a client sends it, with the checksum the client computes. */
const ASK = `
import json, pathlib, sys
import prefect.server
from prefect.blocks.core import Block
from prefect.blocks import abstract, notifications, redis, system, webhook
from prefect import filesystems
from prefect.utilities.dispatch import get_registry_for_type
path = pathlib.Path(prefect.server.__file__).parent / "collection_blocks_data.json"
collections = json.loads(path.read_text())["collections"].values()
fields = [kind["block_schema"]["fields"] for each in collections for kind in each["block_types"].values()]
fields += [json.loads(json.dumps(kind.model_json_schema())) for kind in get_registry_for_type(Block).values()]
fields += [json.loads(text) for text in json.loads(sys.argv[1])]
print("\\n".join(json.dumps([json.dumps(each), Block._calculate_schema_checksum(each)]) for each in fields))
`;

describe.skipIf(missing("reference-3.9.1"))("compared with the reference", () => {
  test("every schema has the checksum a client computes", async () => {
    const lines = (await runPython("3.9.1", ASK, { args: [JSON.stringify(own)] })).trim().split("\n");
    const cases = lines.map((line) => JSON.parse(line) as [string, string]);

    expect(cases.length).toBeGreaterThan(50);
    expect(
      cases.map(([fields]) => [fields, blockChecksum(parseJson(fields) as object as Record<string, unknown>)]),
    ).toEqual(cases);
  }, 60_000);
});
