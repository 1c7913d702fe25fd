import { isIP } from "node:net";
import { PrefectError } from "../../kit/errors.ts";
import { resolveHost } from "../outbound/resolve-host.ts";
import { APP_NAME } from "./message.ts";
import type { SmtpServer } from "./smtp-server.ts";

const TIMEOUT_MS = 10_000;

export interface Email {
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  /** The same for an email that is sent again, by which mailboxes know it. */
  readonly id: string;
}

/**
 * Hands an email over to an SMTP server, connecting to an address that was checked. Gives what went wrong, or undefined
 * when the server has taken it for all it is to.
 */
export async function sendEmail(
  server: SmtpServer,
  { to, subject, body, id }: Email,
  { allowPrivate }: { readonly allowPrivate: boolean },
): Promise<string | undefined> {
  const { host, port, security, account } = server;
  const sender = account?.user.includes("@") ? account.user : `${account?.user ?? "prefect"}@${host}`;
  try {
    const [resolved] = await resolveHost(host, { allowPrivate });
    const { createTransport } = await import("nodemailer");
    const transport = createTransport({
      host: resolved?.address ?? host,
      port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      tls: isIP(host) === 0 ? { servername: host } : {},
      ...(account === undefined ? {} : { auth: account }),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const from = { name: APP_NAME, address: sender };
    const sent = await transport.sendMail({ from, to: [...to], subject, text: body, messageId: `<${id}@prefect>` });
    const refused = sent.rejected.map(String);
    return refused.length === 0 ? undefined : `The email was refused for ${refused.join(", ")}.`;
  } catch (error) {
    if (error instanceof PrefectError || isOfTransport(error)) return `The email was not sent: ${error.message}`;
    throw error;
  }
}

/** What went wrong on the way, or what the SMTP server had to say. */
function isOfTransport(error: unknown): error is Error {
  return error instanceof Error && "code" in error;
}
