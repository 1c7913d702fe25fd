import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { PrefectError } from "../../kit/errors.ts";
import { RequestTimedOut } from "../outbound/errors.ts";
import { resolveHost } from "../outbound/resolve-host.ts";
import { APP_NAME } from "./message.ts";
import type { SmtpServer } from "./smtp-server.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

export interface Email {
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  /** The same for an email that is sent again, by which mailboxes know it. */
  readonly id: string;
}

interface Limits {
  /** Whether servers outside of the public internet may be connected to. */
  readonly allowPrivate: boolean;
  /** For everything together. @default 30,000 */
  readonly timeoutMs?: number;
}

/**
 * Hands an email over to an SMTP server, looking its host up once and connecting to what was checked. Gives what went
 * wrong, or undefined when the server has taken it for everybody.
 */
export async function sendEmail(server: SmtpServer, email: Email, limits: Limits): Promise<string | undefined> {
  const { allowPrivate, timeoutMs = DEFAULT_TIMEOUT_MS } = limits;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const [resolved] = await resolveHost(server.host, { allowPrivate });
    const socket = connect({ host: resolved?.address ?? server.host, port: server.port, signal });
    await once(socket, "connect");
    const refused = await handOver(server, email, socket);
    return refused.length === 0 ? undefined : `The email was refused for ${refused.join(", ")}.`;
  } catch (error) {
    const cause = signal.aborted ? RequestTimedOut(timeoutMs / 1000) : error;
    if (cause instanceof PrefectError || isOfTransport(cause)) return `The email was not sent: ${cause.message}`;
    throw error;
  }
}

/** Gives the mailboxes that the server refuses. */
async function handOver(server: SmtpServer, email: Email, connection: Socket): Promise<readonly string[]> {
  const { host, security, isVerified, account } = server;
  const address = account?.user.includes("@") ? account.user : `${account?.user ?? "prefect"}@${host}`;
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    connection,
    host,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: { rejectUnauthorized: isVerified, ...(isIP(host) === 0 ? { servername: host } : {}) },
    ...(account === undefined ? {} : { auth: account }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { rejected } = await transport.sendMail({
    from: { name: APP_NAME, address },
    to: [...email.to],
    subject: email.subject,
    text: email.body,
    messageId: `<${email.id}@prefect>`,
  });
  return rejected.map(String);
}

/** What went wrong on the way, or what the SMTP server had to say. */
function isOfTransport(error: unknown): error is Error {
  return error instanceof Error && "code" in error;
}
