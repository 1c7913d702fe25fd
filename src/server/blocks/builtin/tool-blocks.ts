import type { BuiltinBlock } from "./builtin-block.ts";
import { flag, integer, secret, text, textMap, texts } from "./shapes.ts";

const sMTPServer = {
  title: "SMTPServer",
  enum: [
    "smtp.aol.com",
    "smtp.mail.att.net",
    "smtp.comcast.net",
    "smtp.mail.me.com",
    "smtp.gmail.com",
    "smtp-mail.outlook.com",
    "smtp.mail.yahoo.com",
  ],
};

const sMTPType = { title: "SMTPType", enum: [465, 587, 25] };

export const toolBlocks: readonly BuiltinBlock[] = [
  {
    slug: "shell-operation",
    name: "Shell Operation",
    collection: "prefect-shell",
    version: "0.2.2",
    title: "ShellOperation",
    description: "Commands run one after the other in a shell.",
    required: ["commands"],
    properties: {
      commands: { ...texts, description: "Commands in the order in which they run." },
      stream_output: { ...flag, description: "Show output as it comes.", default: true },
      env: { ...textMap, title: "Environment Variables", description: "Environment variables." },
      working_dir: { ...text, title: "Working Directory", description: "Folder to run in.", format: "directory-path" },
      shell: { ...text, description: "Shell to run the commands." },
      extension: { ...text, description: "Ending of the script file that is made of the commands." },
    },
  },
  {
    slug: "slack-credentials",
    name: "Slack Credentials",
    collection: "prefect-slack",
    version: "0.2.2",
    title: "SlackCredentials",
    description: "The bot token of a Slack app.",
    secretFields: ["token"],
    required: ["token"],
    properties: {
      token: { ...secret, description: "Token that signs in." },
    },
  },
  {
    slug: "email-server-credentials",
    name: "Email Server Credentials",
    collection: "prefect-email",
    version: "0.3.2",
    title: "EmailServerCredentials",
    description: "An SMTP server and the account that sends through it.",
    secretFields: ["password"],
    definitions: { SMTPServer: sMTPServer, SMTPType: sMTPType },
    properties: {
      username: { ...text, description: "Name of the user." },
      password: { ...secret, description: "Password of the user." },
      smtp_server: {
        title: "SMTP Server",
        description: "Host name, or the name of a well-known provider.",
        default: "smtp.gmail.com",
        anyOf: [{ $ref: "#/definitions/SMTPServer" }, text],
      },
      smtp_type: {
        title: "SMTP Type",
        description: "How the connection is protected.",
        default: 465,
        anyOf: [{ $ref: "#/definitions/SMTPType" }, text],
      },
      smtp_port: { ...integer, title: "SMTP Port", description: "Port of the server, if not the usual one." },
    },
  },
];
