import { describe, expect, test } from "vitest";
import { createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { startSmtpServer } from "../../support/smtp.ts";
import { createBlock, fire, on, resource } from "./fire-actions.ts";

const ACCOUNT = { user: "prefect@example.org", pass: "a secret" };
const ALLOWED = { PREFECT_SERVER_SMTP_ALLOW_PRIVATE_HOSTS: "true" };

describe("actions that only our server has", () => {
  forEachServer((start) => {
    const open = async (env = {}) => {
      const server = await start({ env });
      return { api: createApi(server.apiUrl), ctx: server.ctx, [Symbol.asyncDispose]: () => server.stop() };
    };

    test("an email is sent through the server of a block, its templates rendered", async () => {
      await using smtp = await startSmtpServer(ACCOUNT);
      await using at = await open(ALLOWED);
      const data = { username: ACCOUNT.user, password: ACCOUNT.pass, smtp_server: "127.0.0.1", smtp_type: "INSECURE" };
      const slug = "email-server-credentials";
      const block = await createBlock(at.api, { slug, data: { ...data, smtp_port: smtp.port } });
      const email = { type: "send-email-notification", block_document_id: block, emails: ["a@example.org"] };

      const [told] = await fire(at, {
        actions: [{ ...email, subject: "{{ automation.name }}!", body: "n is {{ event.payload.n }}" }],
        related: [],
      });

      expect(told).toMatchObject({ event: "executed", related: [{ "prefect.resource.role": "block" }, {}, {}, {}] });
      expect(smtp.received).toMatchObject([{ to: ["a@example.org"] }]);
      expect(smtp.received[0]?.text).toMatch(/^Subject: watch!$/m);
      expect(smtp.received[0]?.text).toMatch(/^n is 7$/m);
      expect(smtp.received[0]?.text).toContain(`Message-ID: <${told?.payload.invocation}@prefect>`);
    });

    test("an email is not sent into a private network, nor through a block of another type", async () => {
      await using smtp = await startSmtpServer(ACCOUNT);
      await using at = await open();
      const data = { smtp_server: "127.0.0.1", smtp_type: "INSECURE", smtp_port: smtp.port };
      const blocks = [
        await createBlock(at.api, { slug: "email-server-credentials", data }),
        await createBlock(at.api, { slug: "webhook", data: {} }),
      ];

      const told = await fire(at, {
        actions: blocks.map((block_document_id) => ({
          ...{ type: "send-email-notification", block_document_id, emails: ["a@example.org"], body: "b" },
        })),
        related: [],
      });

      expect(told.map(({ payload }) => [payload.reason, payload.notification_log])).toEqual([
        [
          "Notification failed",
          "The email was not sent: '127.0.0.1' is refused: it resolves to the private address 127.0.0.1.",
        ],
        ["Email is sent through a block of the type 'email-server-credentials'.", undefined],
      ]);
      expect(smtp.received).toEqual([]);
    });

    test("an incident is declared by an event that says what it is about", async () => {
      await using at = await open();

      const [told] = await fire(at, {
        actions: [{ type: "declare-incident", name: "{{ event.resource.id }} is down" }],
        related: [resource("deployment", "d")],
      });

      const declared = await at.api.post("/events/filter", { filter: { event: { prefix: ["prefect.incident."] } } });
      const id = `prefect.incident.${told?.payload.invocation}`;
      expect(declared.at("events")).toMatchObject([
        {
          event: "prefect.incident.declared",
          resource: { "prefect.resource.id": id, "prefect.resource.name": "thing is down" },
          related: [
            { "prefect.resource.name": "watch", "prefect.resource.role": "creator" },
            { "prefect.resource.id": "thing", "prefect.resource.role": "subject" },
          ],
        },
      ]);
      expect(told).toMatchObject({ event: "executed", related: [{ "prefect.resource.id": id }, {}, {}] });
    });

    test("what cannot be sent is refused when the automation is made", async () => {
      await using at = await open();
      const email = {
        ...{ type: "send-email-notification", block_document_id: "00000000-0000-4000-8000-000000000000" },
        ...{ emails: ["a@example.org"], body: "b" },
      };
      const create = (action: object) =>
        at.api.post("/automations/", { name: "a", trigger: on("x"), actions: [action] });

      const statuses = [];
      for (const wrong of [{}, { emails: [] }, { emails: ["a"] }, { body: "{{" }, { block_document_id: null }]) {
        statuses.push((await create({ ...email, ...wrong })).status);
      }

      expect(statuses).toEqual([201, 422, 422, 422, 422]);
      expect((await create({ type: "declare-incident" })).at("actions.0.name")).toBe(
        "Incident of {{ automation.name }}",
      );
    });
  });
});
