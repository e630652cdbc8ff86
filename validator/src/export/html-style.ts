/** The style sheet of the HTML report. Colours meet a contrast of 4.5 to 1 in both schemes. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c1e21; --paper: #ffffff; --soft: #f3f4f6; --rule: #d5d9de;
  --good: #116329; --bad: #b3261e; --warn: #7a4d00; --dim: #59616b; --accent: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --paper: #16181b; --soft: #22262b;
  --rule: #3a4048; --good: #6fd388; --bad: #ff9a92; --warn: #f0b95a; --dim: #a3acb7; --accent: #8ec1ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
pre { margin: 0; padding: 0.5rem 0.75rem; overflow-x: auto; background: var(--soft); border-radius: 4px;
  overflow-wrap: normal; }
h1 { margin: 0; font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 1.5rem 0 0.5rem; }
header { padding-left: 1rem; border-left: 6px solid var(--dim); } header p { margin: 0.25rem 0; }
header.good { border-color: var(--good); } header.good h1 { color: var(--good); }
header.bad { border-color: var(--bad); } header.bad h1 { color: var(--bad); }
.aside, footer, .at, details { color: var(--dim); font-size: 0.9rem; }
a { color: var(--accent); }
.failure { margin: 1.5rem 0; padding: 0.25rem 1rem 1rem; border: 1px solid var(--bad); border-radius: 6px; }
.failure .summary { font-weight: 600; color: var(--bad); }
dl { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0.5rem 1rem; margin: 0.5rem 0; }
dt { color: var(--dim); } dd { margin: 0; } dd p { margin: 0 0 0.25rem; }
.wide { overflow-x: auto; } table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.4rem 0.5rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
.number { text-align: right; white-space: nowrap; }
.state { font-weight: 600; white-space: nowrap; color: var(--dim); }
.pass .state { color: var(--good); } .fail .state, .grader-error .state { color: var(--bad); }
.inconclusive .state { color: var(--warn); }
details p, details ul { margin: 0.25rem 0; }
.timeline { margin: 1rem 0; } .timeline ol { list-style: none; margin: 0.5rem 0; padding: 0; }
.timeline li { position: relative; display: flex; flex-wrap: wrap; gap: 0 0.75rem; padding: 0.25rem 0 0.25rem 2rem; }
.timeline li::before { content: ""; position: absolute; left: 9px; top: 0; bottom: 0; width: 2px; background: var(--rule); }
.timeline li:first-child::before { top: 0.9rem; } .timeline li:last-child::before { bottom: calc(100% - 0.9rem); }
.timeline svg { position: absolute; left: 0; top: 0.4rem; width: 20px; height: 20px; fill: var(--accent); background: var(--paper); }
.timeline .line { fill: none; stroke: var(--accent); stroke-width: 2.5; }
.timeline .crash svg { fill: var(--bad); } .timeline .read .line { stroke: var(--bad); }
.timeline .stop svg { fill: var(--warn); } .timeline .flush svg, .timeline .other svg { fill: var(--dim); }
.timeline .read .what { color: var(--bad); font-weight: 600; }
.at { min-width: 5.5rem; } .what { font-family: ui-monospace, monospace; font-size: 0.9em; }
@media (max-width: 40rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0.1rem; } dd { margin-bottom: 0.5rem; } .at { min-width: 0; } }
@media print { .wide, pre { overflow: visible; white-space: pre-wrap; } }
`;
