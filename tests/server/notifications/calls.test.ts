import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { notificationCalls } from "../../../src/server/notifications/calls.ts";
import { runPython } from "../../support/python.ts";
import { missing } from "../../support/require.ts";

const SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ";
const TEAMS =
  "https://prod-12.westeurope.logic.azure.com:443/workflows/WF/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=SIG-x_1";
const hook = { name: "hook", url: "https://example.org/x" };

const BLOCKS: readonly (readonly [slug: string, data: Readonly<Record<string, unknown>>])[] = [
  ["slack-webhook", { url: SLACK }],
  ["slack-webhook", { url: SLACK, notify_type: "failure" }],
  ["slack-webhook", { url: SLACK.replace("slack.com", "slack-gov.com"), notify_type: "warning" }],
  ["ms-teams-webhook", { url: TEAMS }],
  ["ms-teams-webhook", { url: TEAMS, include_image: false, wrap: false, notify_type: "warning" }],
  ["pager-duty-webhook", { integration_key: "ik", api_key: "ak", notify_type: "success" }],
  [
    "pager-duty-webhook",
    {
      ...{ integration_key: "ik", api_key: "ak", source: "s", component: "c", group: "g", class_id: "k" },
      ...{ region_name: "eu", clickable_url: "https://x.org/a?b=c", include_image: false, notify_type: "failure" },
      custom_details: { a: "1" },
    },
  ],
  [
    "twilio-sms",
    {
      account_sid: `AC${"a".repeat(32)}`,
      auth_token: "b".repeat(32),
      from_phone_number: "18001234567",
      to_phone_numbers: ["18004242424", "+1 (800) 424-2425"],
    },
  ],
  ["opsgenie-webhook", { apikey: "key" }],
  [
    "opsgenie-webhook",
    {
      ...{ apikey: "key", target_user: ["u1", "u2"], target_team: ["t"], target_schedule: ["s"] },
      ...{ target_escalation: ["e"], region_name: "eu", batch: true, tags: ["x", "y"], priority: 5 },
      ...{ alias: "al", entity: "en", details: { k: "v" }, notify_type: "success" },
    },
  ],
  ["opsgenie-webhook", { apikey: "key", target_user: ["u1", "u2"], target_team: ["t"] }],
  ["mattermost-webhook", { hostname: "mm.example.org", token: "abc123", botname: "bot" }],
  [
    "mattermost-webhook",
    {
      ...{ hostname: "mm.example.org", token: "abc123", secure: true, botname: "bot", channels: ["a", "#b"] },
      ...{ include_image: true, path: "/sub", port: 443, notify_type: "warning" },
    },
  ],
  ["discord-webhook", { webhook_id: "123", webhook_token: "tok" }],
  ["discord-webhook", { webhook_id: "123", webhook_token: "tok", avatar: true, notify_type: "failure" }],
  [
    "discord-webhook",
    { webhook_id: "123", webhook_token: "tok", tts: true, avatar: true, avatar_url: "https://x.org/p" },
  ],
  ["sendgrid-email", { api_key: "ABCDEFG", sender_email: "a@x.org", to_emails: ["b@x.org", "c@y.org"] }],
  ["custom-webhook", hook],
  ["custom-webhook", { ...hook, method: "GET", params: { q: "{{ subject }}" } }],
  [
    "custom-webhook",
    {
      ...{ ...hook, headers: { "X-Key": "{{ token }}" }, cookies: { c: "{{name}}" }, secrets: { token: "T" } },
      json_data: { text: "{{subject}}: {{body}}", list: ["{{ token }}", 1], nested: { n: null } },
    },
  ],
  ["custom-webhook", { ...hook, form_data: { text: "{{body}}", token: "{{token}}" }, secrets: { token: "T" } }],
  ["custom-webhook", { ...hook, form_data: "raw {{body}}" }],
  ["custom-webhook", { ...hook, json_data: { a: "{{ unknown }}" } }],
  ["custom-webhook", { ...hook, json_data: { a: 1 }, form_data: { a: "1" } }],
];

const MESSAGES = [
  { subject: "Run <failed> & more", body: "Hello *world* <a href='x'>\nline two & `code` ü" },
  { subject: "", body: "only a body" },
];

const CASES = MESSAGES.flatMap((message) => BLOCKS.map(([slug, data]) => ({ slug, data, message })));

interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | null;
}

describe.skipIf(missing("reference-3.9.1"))("beside the reference", () => {
  let answers: readonly { readonly calls: readonly Recorded[]; readonly failed: string | false }[] = [];

  beforeAll(async () => {
    const code = await readFile(join(import.meta.dirname, "notify.py"), "utf8");
    answers = JSON.parse(await runPython("3.9.1", code, { args: [JSON.stringify(CASES)] }));
  }, 120_000);

  test.each(CASES.map((each, index) => [index, each.slug, each] as const))(
    "case %i: %s sends the same",
    (index, _slug, each) => {
      const expected = answers[index];

      const ours = callsOf(each);

      expect(ours).toEqual(
        expected?.calls.length === 0 && expected.failed ? "refused" : compared(expected?.calls ?? []),
      );
    },
  );
});

function callsOf({ slug, data, message }: (typeof CASES)[number]) {
  try {
    const calls = notificationCalls({ block: { slug, data }, message, nowMs: 0 });
    return compared(
      calls.map(({ body, headers, ...call }) => ({ ...call, headers: headers ?? {}, body: String(body ?? "") })),
    );
  } catch {
    return "refused";
  }
}

const COMPARED_HEADERS: ReadonlySet<string> = new Set(["authorization", "content-type", "cookie", "x-key"]);

/** What matters of calls, in an order of its own: the reference's targets are a set. */
function compared(calls: readonly Recorded[]) {
  return calls
    .map(({ method, url, headers, body }) => ({
      method,
      url: new URL(url).href,
      headers: Object.fromEntries(
        Object.entries(headers)
          .map(([name, value]) => [name.toLowerCase(), value.replace(/; charset=utf-8$/, "")])
          .filter(([name]) => COMPARED_HEADERS.has(name ?? "")),
      ),
      body: readBody(body ?? "", headers),
    }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function readBody(body: string, headers: Recorded["headers"]): unknown {
  if (Object.values(headers).includes("application/x-www-form-urlencoded")) return [...new URLSearchParams(body)];
  try {
    // Two blocks of the reference forget whose name they go by.
    const read = JSON.parse(body.replaceAll('"Apprise"', '"Prefect Notifications"'));
    for (const attachment of read.attachments ?? []) delete attachment.ts;
    return read;
  } catch {
    return body;
  }
}
