import { describe, expect, test } from "vitest";
import { bothOutcomes, type CommandScript } from "../../support/both-command-lines.ts";
import { missing } from "../../support/require.ts";

const FLOWS = `
from prefect import flow

@flow(name="my-etl", description="does things")
def etl(name: str, count: int = 3):
    """Doc of etl.

    Args:
        name: the name
    """

@flow(version="v7")
def other():
    """Only a docstring."""

class Jobs:
    @flow
    @staticmethod
    def nested(when: list[float] | None = None):
        """Nested."""
`;

const POOL = { path: "/work_pools/", body: { name: "my-pool", type: "process", base_job_template: {} } };
const QUEUE = { path: "/work_pools/my-pool/queues", body: { name: "fast" } };
const VARIABLES = [
  { path: "/variables/", body: { name: "tag", value: "vtag" } },
  { path: "/variables/", body: { name: "settings", value: { cpu: 2, list: [1] } } },
  { path: "/variables/", body: { name: "cron", value: "5 4 * * *" } },
];
const DEPLOYMENTS = { path: "/deployments/filter", body: { sort: "NAME_ASC" } };
const AUTOMATIONS = { path: "/automations/filter", body: { sort: "NAME_ASC" } };
const BASE = { given: [POOL, QUEUE, ...VARIABLES], reads: [DEPLOYMENTS, AUTOMATIONS] };

const WHOLE_FILE = `
name: proj
prefect-version: 3.9.1
build:
push: null
pull:
definitions:
  pool: &pool
    name: my-pool
    job_variables:
      env: {A: "1", B: "{{ prefect.variables.settings.cpu }}"}
      settings: "{{ prefect.variables.settings }}"
deployments:
  - name: one
    entrypoint: flows.py:etl
    tags: [a, "{{ prefect.variables.tag }}", "x-{{ $MY_ENV }}"]
    parameters: {name: "x", count: 5, nested: {list: ["{{ prefect.variables.settings }}"]}}
    schedules:
      - cron: "0 2 * * *"
        timezone: Europe/Paris
        slug: nightly
        parameters: {count: 1}
      - cron: "{{ prefect.variables.cron }}"
        day_or: false
        slug: second
      - interval: 3600
        anchor_date: "2024-01-01T00:00:00Z"
        active: false
        slug: third
      - interval: PT30M
        anchor_date: "2024-03-01T00:00:00Z"
        timezone: America/New_York
        slug: fourth
      - rrule: "FREQ=DAILY;COUNT=5"
        slug: fifth
      - rrule: '{"rrule": "FREQ=WEEKLY", "timezone": "Europe/Berlin"}'
        active: "{{ prefect.variables.nothing }}false"
        slug: sixth
    concurrency_limit: {limit: 2, collision_strategy: CANCEL_NEW, grace_period_seconds: 90}
    work_pool: *pool
    enforce_parameter_schema: no
    triggers:
      - enabled: false
        match: {prefect.resource.id: "x.*"}
        expect: [ping]
        parameters: {name: "{{ event.id }}"}
      - name: both
        type: compound
        require: all
        within: 60
        triggers:
          - expect: [a]
          - {type: event, posture: Proactive, expect: [b], within: 30}
        job_variables: {a: 1}
        schedule_after: 5
  - name: two
    entrypoint: flows.py:other
    build:
      prefect.deployments.steps.run_shell_script:
          id: v
          script: echo 42
          stream_output: false
    push:
      - prefect.deployments.steps.run_shell_script:
          script: echo pushed {{ v.stdout }}
          id: p
    pull:
      - prefect.deployments.steps.git_clone:
          repository: https://example.com/{{ v.stdout }}.git
          access_token: "{{ prefect.variables.token }}"
          branch: "{{ not_there }}"
    version: "{{ v.stdout }}"
    description: "v {{ p.stdout }} {{ $MY_ENV }} {{ MY_ENV }} {{ gone }}."
    schedule: {}
    concurrency_limit: 3
    paused: true
    work_pool:
      name: "{{ $MY_POOL }}"
      work_queue_name: fast
      job_variables: {working_dir: "{{ ctx.flow.name }}", gone: "{{ gone }}"}
  - name: three
    entrypoint: flows.py:Jobs.nested
    pull: []
    triggers: []
    work_pool: {name: my-pool}
`;

const ONE = `
deployments:
  - name: only
    entrypoint: flows.py:etl
    tags: [a]
    parameters: {name: x}
    work_pool: {name: my-pool, job_variables: {image: i}}
`;

const SCRIPTS: Readonly<Record<string, CommandScript>> = {
  "a whole file": {
    ...BASE,
    files: { "flows.py": FLOWS, "prefect.yaml": `${WHOLE_FILE}  - entrypoint: flows.py:other\n` },
    env: { MY_ENV: "env", MY_POOL: "my-pool" },
    commands: [["deploy", "--all"]],
  },
  "names and patterns": {
    ...BASE,
    files: { "flows.py": FLOWS, "prefect.yaml": WHOLE_FILE },
    env: { MY_ENV: "env", MY_POOL: "my-pool" },
    commands: [
      ["deploy"],
      ["deploy", "--all", "-n", "one"],
      ["deploy", "-n", "other/t*"],
      ["deploy", "-n", "three", "-n", "nope"],
    ],
  },
  "options of the command line": {
    ...BASE,
    files: { "flows.py": FLOWS },
    commands: [
      ["deploy", "flows.py:etl", "-n", "cli", "-p", "my-pool", "-q", "fast", "-t", "a", "-t", "b", "-d", "mine"]
        .concat(["--version", "1.2", "-jv", "cpu=2", "-jv", '{"env": {"A": "b"}}', "-cl", "4"])
        .concat(["--collision-strategy", "CANCEL_NEW", "--param", "name=Ada", "--param", 'count={"a": [1]}'])
        .concat(["--cron", "0 0 * * *", "--timezone", "Asia/Tokyo", "--no-enforce-parameter-schema"])
        .concat(["--trigger", '{"expect": ["x"], "match": {"a": "b"}}']),
      ["deploy", "flows.py:other", "-n", "more", "-p", "my-pool", "--params", '{"a": null}', "--interval", "60"].concat(
        ["--anchor-date", "2020-01-01T00:00:00Z", "--version-type", "prefect:simple"],
      ),
    ],
  },
  "one entry takes options and another name": {
    ...BASE,
    files: { "flows.py": FLOWS, "prefect.yaml": ONE },
    commands: [["deploy", "-n", "renamed", "-t", "cli", "--param", "count=9"]],
  },
  "what is missing ends with 1": {
    ...BASE,
    files: {
      "flows.py": FLOWS,
      "prefect.yaml": "deployments:\n  - name: a\n    version: 1.0\n  - schedules: [{cron: x, interval: 5}]\n",
    },
    commands: [
      ["deploy"],
      ["deploy", "flows.py:etl", "-p", "my-pool"],
      ["deploy", "flows.py:etl", "-n", "x"],
      ["deploy", "flows.py:etl", "-n", "x", "-p", "no-such-pool"],
      ["deploy", "flows.py:nope", "-n", "x", "-p", "my-pool"],
      ["deploy", "nope.py:etl", "-n", "x", "-p", "my-pool"],
      ["deploy", "flows.py:etl", "-n", "x", "-p", "my-pool", "--param", "a=1", "--params", "{}"],
      ["deploy", "flows.py:etl", "-n", "ignores-the-file", "-p", "my-pool"],
    ],
  },
};

describe.skipIf(missing("reference-3.9.1"))("deployments are stored as the reference stores them", () => {
  test.each(Object.entries(SCRIPTS))(
    "%s",
    async (_, script) => {
      const { ours, theirs } = await bothOutcomes(script);

      expect(ours).toEqual(theirs);
    },
    180_000,
  );
});
