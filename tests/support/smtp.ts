import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

interface Received {
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
  /** The message as it came, headers first. */
  readonly text: string;
}

/** A real SMTP server for one account; it refuses mailboxes that begin with `nobody`. */
export async function startSmtpServer(
  account: { readonly user: string; readonly pass: string },
  { secure = false } = {},
) {
  const received: Received[] = [];
  const server = new SMTPServer({
    secure,
    allowInsecureAuth: true,
    // Its own certificate, which nobody trusts, is what a test is about.
    logger: false,
    onAuth({ username, password }, _session, done) {
      const isKnown = username === account.user && password === account.pass;
      done(isKnown ? null : new Error("no such account"), isKnown ? { user: username } : undefined);
    },
    onRcptTo({ address }, _session, done) {
      done(address.startsWith("nobody") ? new Error("no such mailbox") : null);
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ to, isEncrypted: session.secure, text: Buffer.concat(parts).toString() });
        done();
      });
    },
  });
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    received,
    port: (server.server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
