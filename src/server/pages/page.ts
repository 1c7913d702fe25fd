import { Html, html } from "../docs/html.ts";
import { STYLE } from "../docs/style.ts";

const MORE_STYLE = `
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
td:first-child { white-space: nowrap; } td:first-child a { white-space: normal; }
pre { margin: 0; font: .9em/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.state.completed { color: var(--post); } .state.failed, .state.crashed { color: var(--delete); }
.state.running, .state.pending { color: var(--get); } .state.scheduled, .state.paused { color: var(--put); }
`;

/** A moment to the second, the whole of it in the mark-up; no time at all for null. */
export function moment(timestamp: string | null): Html {
  if (timestamp === null) return html`not yet`;
  return html`<time datetime="${timestamp}" title="${timestamp}">${timestamp.slice(0, 19).replace("T", " ")} UTC</time>`;
}

/** The time of day to the millisecond, for what happened within one run. */
export function timeOfDay(timestamp: string): Html {
  const shown = timestamp.slice(11).replace(/(\.\d{3})?\d*Z$/, "$1");
  return html`<time datetime="${timestamp}" title="${timestamp}">${shown}</time>`;
}

/** A whole page that fetches nothing and runs no script. */
export function page(shown: {
  readonly title: string;
  readonly content: Html;
  /** Loads the page anew after this many seconds. */
  readonly refreshSeconds?: number;
}): string {
  const { title, content, refreshSeconds } = shown;
  const refresh =
    refreshSeconds === undefined ? undefined : html`<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${title} - Prefect</title><style>${new Html(STYLE + MORE_STYLE)}</style></head>
<body><main>${content}</main></body></html>`.text;
}
