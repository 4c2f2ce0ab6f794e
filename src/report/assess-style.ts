/** Style of the assessment page beyond the shared page.css; colours are its tokens. */
export const ASSESS_STYLE = `
.assess { --k: 1; }
.period-map { position: relative; }
.assess-map { width: 100%; height: auto; background: var(--map-ground); border-radius: 6px; }
.assess-map[tabindex] { cursor: grab; touch-action: pan-y; }
.assess-map:focus { touch-action: none; }
.m-view path { vector-effect: non-scaling-stroke; }
.map-panel { margin-top: var(--space); }
.m-region { fill: var(--map-land); stroke: var(--map-outline); stroke-width: 1; fill-rule: evenodd; }
.m-served { fill: var(--today); }
.m-open { fill: var(--open); }
.m-unknown { fill: none; stroke: var(--map-outline); stroke-width: 0.8; }
.m-weak { fill: none; stroke: var(--open); stroke-width: 2.5; fill-rule: evenodd; }
.m-measure { fill: none; stroke: var(--accent); stroke-width: 1.8; stroke-dasharray: 5 3; }
.m-weak-name, .m-measure-name, .m-complaint-name { font-size: calc(13px / var(--k)); font-weight: 600; text-anchor: middle; dominant-baseline: middle; paint-order: stroke; stroke: var(--map-ground); stroke-width: calc(3px / var(--k)); }
.m-weak-name { fill: var(--bad-ink); }
.m-measure-name { fill: var(--accent); }
.m-complaint-name { fill: var(--ink); text-decoration: underline; }
.m-planned { transform-box: fill-box; transform-origin: center; transform: scale(calc(1 / var(--k))); fill: var(--ink); stroke: var(--map-ground); stroke-width: 1.5; }
.m-scale path { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.m-scale text { fill: var(--ink); font-size: 13px; }
.legend { display: flex; flex-wrap: wrap; gap: var(--space) calc(2 * var(--space)); padding: 0; margin-top: var(--space); list-style: none; font-size: 14px; }
.legend li { display: flex; align-items: center; gap: 6px; }
.answer + .lead { margin-bottom: 0; }
.first { margin: var(--space) 0 0; padding-left: 3ch; }
.first li { margin-top: 4px; overflow-wrap: anywhere; }
.assess section > .scroll, .assess section > .fact, .assess section > h3, .trends { margin-top: var(--space); }
.assess :is(th, td).short { white-space: nowrap; }
.fact { max-width: 90ch; overflow-wrap: anywhere; }
tr.tone-good { background: var(--good-ground); }
tr.tone-risk { background: light-dark(#fdf3d3, #3b3212); }
tr.tone-bad { background: var(--bad-ground); }
.trends { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: calc(2 * var(--space)); }
.trends figcaption { font-size: 14px; color: var(--muted); }
@media (max-width: 600px) {
  .assess td.long { min-width: 26ch; }
  .m-weak-name, .m-measure-name, .m-complaint-name, .m-scale text { font-size: calc(26px / var(--k)); }
}
@media print {
  .settings, .field-inline { display: none; }
  section { break-inside: avoid; }
  .assess :is(th, td).short { white-space: normal; }
}
`;
