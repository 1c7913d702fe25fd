import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { type Email, sendEmail } from "../../../src/server/notifications/send-email.ts";
import { type SmtpServer, smtpServerOf } from "../../../src/server/notifications/smtp-server.ts";
import { startSmtpServer } from "../../support/smtp.ts";

const ACCOUNT = { user: "prefect@example.org", pass: "a secret" };
const EMAIL: Email = { to: ["a@example.org", "b@example.org"], subject: "Späte Läufe", body: "two\nlines", id: "1-2" };
const ALLOWED = { allowPrivate: true };

async function listen() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

async function closed<T extends AsyncDisposable>(server: T): Promise<T> {
  await server[Symbol.asyncDispose]();
  return server;
}

const serverAt = (port: number, more: Partial<SmtpServer> = {}): SmtpServer => ({
  ...{ host: "127.0.0.1", port, security: "none", isVerified: true, account: ACCOUNT },
  ...more,
});

test("an email reaches everybody it is for, from the account, under its own id", async () => {
  await using smtp = await startSmtpServer(ACCOUNT);

  expect(await sendEmail(serverAt(smtp.port), EMAIL, ALLOWED)).toBeUndefined();

  expect(smtp.received.map(({ to }) => to)).toEqual([["a@example.org", "b@example.org"]]);
  const [header = "", body] = (smtp.received[0]?.text ?? "").split("\r\n\r\n");
  expect(header).toMatch(/^From: Prefect Notifications <prefect@example\.org>$/m);
  expect(header).toMatch(/^Message-ID: <1-2@prefect>$/m);
  expect(header).toMatch(/^Subject: =\?UTF-8\?/m);
  expect(body).toContain("two\r\nlines");
});

test("a subject cannot add a header or a recipient", async () => {
  await using smtp = await startSmtpServer(ACCOUNT);

  await sendEmail(serverAt(smtp.port), { ...EMAIL, subject: "x\r\nBcc: c@example.org" }, ALLOWED);

  expect(smtp.received.map(({ to }) => to)).toEqual([EMAIL.to]);
  expect(smtp.received[0]?.text).not.toMatch(/^Bcc:/m);
});

test("a mailbox that the server refuses is told, the others have the email", async () => {
  await using smtp = await startSmtpServer(ACCOUNT);

  const failure = await sendEmail(serverAt(smtp.port), { ...EMAIL, to: ["a@example.org", "nobody@x.org"] }, ALLOWED);

  expect(failure).toBe("The email was refused for nobody@x.org.");
  expect(smtp.received.map(({ to }) => to)).toEqual([["a@example.org"]]);
});

test("a wrong password is told without the password", async () => {
  await using smtp = await startSmtpServer(ACCOUNT);
  const account = { ...ACCOUNT, pass: "another secret" };

  const failure = await sendEmail(serverAt(smtp.port, { account }), EMAIL, ALLOWED);

  expect(failure).toMatch(/^The email was not sent: Invalid login/);
  expect(failure).not.toContain("another secret");
  expect(smtp.received).toEqual([]);
});

test("nothing is said to a server whose certificate nobody vouches for", async () => {
  await using smtp = await startSmtpServer(ACCOUNT);

  const failure = await sendEmail(serverAt(smtp.port, { security: "starttls" }), EMAIL, ALLOWED);

  expect(failure).toMatch(/^The email was not sent: .*certificate/);
  expect(smtp.received).toEqual([]);
});

test.each([
  ["starttls", false],
  ["tls", true],
] as const)("it is encrypted by %s also where the certificate is not to be checked", async (security, secure) => {
  await using smtp = await startSmtpServer(ACCOUNT, { secure });
  const server = serverAt(smtp.port, { security, isVerified: false });

  expect(await sendEmail(server, EMAIL, ALLOWED)).toBeUndefined();

  expect(smtp.received).toMatchObject([{ isEncrypted: true }]);
});

test("a server that says nothing is not waited for", async () => {
  await using silent = await listen();

  const failure = await sendEmail(serverAt(silent.port), EMAIL, { ...ALLOWED, timeoutMs: 200 });

  expect(failure).toBe("The email was not sent: No answer within 0.2 s.");
});

test("a server that is not there is told", async () => {
  const { port } = await closed(await listen());

  expect(await sendEmail(serverAt(port), EMAIL, ALLOWED)).toMatch(/^The email was not sent: connect ECONNREFUSED/);
});

test("a server inside a private network is not connected to unless that is allowed", async () => {
  await using smtp = await startSmtpServer(ACCOUNT);
  const server = serverAt(smtp.port, { host: "localhost" });

  const failure = await sendEmail(server, EMAIL, { allowPrivate: false });

  expect(failure).toMatch(/'localhost' is refused: it resolves to the private address/);
  expect(smtp.received).toEqual([]);
});

const slug = "email-server-credentials";

test.each([
  [{}, { host: "smtp.gmail.com", port: 465, security: "tls", isVerified: true, account: undefined }],
  [
    { smtp_type: 587 },
    { host: "smtp.gmail.com", port: 587, security: "starttls", isVerified: true, account: undefined },
  ],
  [
    { smtp_server: "outlook", smtp_type: "starttls", username: "u", password: "p" },
    {
      host: "smtp-mail.outlook.com",
      port: 587,
      security: "starttls",
      isVerified: true,
      account: { user: "u", pass: "p" },
    },
  ],
  [
    { smtp_server: "mail.example.org", smtp_type: "INSECURE", smtp_port: 2525, verify: false },
    { host: "mail.example.org", port: 2525, security: "none", isVerified: false, account: undefined },
  ],
])("a block %j names its server", (data, server) => {
  expect(smtpServerOf({ slug, data })).toEqual(server);
});

test("a block of another type, or of an unknown kind of server, sends nothing", () => {
  expect(() => smtpServerOf({ slug: "slack-webhook", data: {} })).toThrow(/email-server-credentials/);
  expect(() => smtpServerOf({ slug, data: { smtp_type: "x" } })).toThrow(/SSL, STARTTLS or INSECURE/);
});
