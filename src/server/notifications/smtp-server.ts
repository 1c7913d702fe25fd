import { type NotificationBlock, NotificationRefused, text } from "./message.ts";

/** Where and how to hand an email over. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` before anything is said, `none` never. */
  readonly security: "tls" | "starttls" | "none";
  /** Whether the server's certificate is checked. */
  readonly isVerified: boolean;
  readonly account: { readonly user: string; readonly pass: string } | undefined;
}

/** The well-known providers that a block may name. */
const PROVIDERS: Readonly<Record<string, string>> = {
  AOL: "smtp.aol.com",
  ATT: "smtp.mail.att.net",
  COMCAST: "smtp.comcast.net",
  ICLOUD: "smtp.mail.me.com",
  GMAIL: "smtp.gmail.com",
  OUTLOOK: "smtp-mail.outlook.com",
  YAHOO: "smtp.mail.yahoo.com",
};

/** Each by its name and by its usual port. */
const KINDS = [
  { name: "SSL", port: 465, security: "tls" },
  { name: "STARTTLS", port: 587, security: "starttls" },
  { name: "INSECURE", port: 25, security: "none" },
] as const;

/** The server that a block of the type `email-server-credentials` describes. @throws NotificationRefused */
export function smtpServerOf({ slug, data }: NotificationBlock): SmtpServer {
  if (slug !== "email-server-credentials") {
    throw new NotificationRefused("Email is sent through a block of the type 'email-server-credentials'.");
  }
  const asked = String(data.smtp_type ?? "SSL").toUpperCase();
  const kind = KINDS.find(({ name, port }) => asked === name || asked === String(port));
  if (!kind) throw new NotificationRefused("The SMTP type of the block must be SSL, STARTTLS or INSECURE.");
  const host = text(data.smtp_server) ?? "GMAIL";
  const user = text(data.username);
  return {
    host: PROVIDERS[host.toUpperCase()] ?? host,
    port: Number(data.smtp_port ?? kind.port),
    security: kind.security,
    isVerified: data.verify !== false,
    account: user === undefined ? undefined : { user, pass: text(data.password) ?? "" },
  };
}
