/** The style of the documentation page: no file, font or script is fetched. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1c2430; --soft: #5b6677; --back: #fff; --panel: #f5f7fa; --line: #dde3ea;
  --link: #1a56c4; --get: #1a6fb5; --post: #1d7a45; --put: #8a5a00; --patch: #8a5a00; --delete: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e9f0; --soft: #9aa7b8; --back: #12161c; --panel: #1a2029; --line: #2d3642; --link: #7db0ff;
    --get: #6fb7f2; --post: #6fd39a; --put: #e3b45c; --patch: #e3b45c; --delete: #ff8f86; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
.page { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 2rem; max-width: 78rem; margin: 0 auto; padding: 1.5rem; }
nav { position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow: auto; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: flex; justify-content: space-between; padding: .15rem .5rem; border-radius: .3rem; text-decoration: none; color: inherit; }
nav a:hover { background: var(--panel); }
nav .count { color: var(--soft); }
a { color: var(--link); }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; scroll-margin-top: 1rem; }
h3 { font-size: .85rem; margin: 1rem 0 .3rem; color: var(--soft); font-weight: 600; }
p { margin: .25rem 0; }
code { font: .9em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .35rem 0; background: var(--panel); }
details[open] { background: var(--back); }
summary { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; padding: .45rem .75rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; border-radius: .4rem; }
summary .about { color: var(--soft); }
.method { font: 600 .75rem/1.4 ui-monospace, monospace; width: 3.6rem; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); } .delete { color: var(--delete); }
.inside { padding: 0 .75rem .75rem; scroll-margin-top: 3rem; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid var(--line); padding: .3rem .75rem .3rem 0; vertical-align: top; }
td:first-child { width: 32%; }
.soft { color: var(--soft); }
@media (max-width: 50rem) { .page { grid-template-columns: minmax(0, 1fr); } nav { position: static; max-height: none; } }
`;
