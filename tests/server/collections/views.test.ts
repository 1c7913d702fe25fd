import { beforeAll, describe, expect, test } from "vitest";
import { builtinBlocks } from "../../../src/server/blocks/builtin/all-blocks.ts";
import { views } from "../../../src/server/collections/views.ts";
import { referenceWorkers, sentencesOf, withoutTexts } from "../../support/reference-catalogue.ts";
import { missing } from "../../support/require.ts";

type Metadata = Readonly<Record<string, unknown>> & {
  readonly default_base_job_configuration: {
    readonly job_configuration: unknown;
    readonly variables: Readonly<Record<string, unknown>>;
  };
};
type Workers = Readonly<Record<string, Readonly<Record<string, Metadata>>>>;

// As it is sent: numbers of other languages have a form of their own before.
const ours = JSON.parse(JSON.stringify(views.get("aggregate-worker-metadata")?.())) as Workers;
const all = (workers: Workers) =>
  Object.entries(workers).flatMap(([collection, types]) =>
    Object.entries(types).map(([type, metadata]) => [`${collection} ${type}`, metadata] as const),
  );

describe.skipIf(missing("reference-3.9.1"))("worker metadata beside the reference's", () => {
  let reference: Workers = {};
  beforeAll(async () => {
    reference = (await referenceWorkers()) as Workers;
  });

  test("there are the same workers", () => {
    expect(all(ours).map(([name]) => name)).toEqual(all(reference).map(([name]) => name));
  });

  test.each(all(ours))(
    "%s has the same variables and job",
    (name, { default_base_job_configuration: job, ...rest }) => {
      const expected = new Map(all(reference)).get(name) as Metadata;

      expect(withoutTexts(job.job_configuration)).toEqual(
        withoutTexts(expected.default_base_job_configuration.job_configuration),
      );
      expect(withoutTexts(job.variables)).toEqual(withoutTexts(expected.default_base_job_configuration.variables));
      const { display_name, documentation_url, install_command, is_beta, type } = expected;
      expect(rest).toMatchObject({ display_name, documentation_url, install_command, is_beta, type });
    },
  );

  test("no sentence is the reference's", () => {
    const theirs = new Set(sentencesOf(reference));
    expect(sentencesOf(ours).filter((each) => theirs.has(each))).toEqual([]);
  });
});

test("every variable is described", () => {
  const undescribed = all(ours).flatMap(([name, { default_base_job_configuration: job }]) =>
    Object.entries(job.variables.properties as object).flatMap(([variable, { description }]) =>
      description ? [] : [`${name} ${variable}`],
    ),
  );
  expect(undescribed).toEqual([]);
});

test("block metadata holds every built-in block", () => {
  const view = views.get("aggregate-block-metadata")?.() as Record<string, { block_types: object }>;

  const slugs = Object.values(view).flatMap(({ block_types }) => Object.keys(block_types));
  expect(slugs.sort()).toEqual(builtinBlocks.map(({ slug }) => slug).sort());
});
