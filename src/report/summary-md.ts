import type { CoveredArea } from '../prediction/covered-area.ts';
import type { LinkCounts } from '../coverage/link-counts.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { answerText, requiredText } from './answer.ts';
import { capacitySection } from './capacity-summary.ts';
import { configurationMix, costRecord } from './cost-facts.ts';
import { escapeMarkdown } from './escape.ts';
import { evaluationSection } from './evaluation-text.ts';
import type { Gap } from './gaps.ts';
import { reasonData } from './layers.ts';
import { linesSection } from './lines-text.ts';
import { markdownTable } from './markdown-table.ts';
import {
  formatBound,
  formatCost,
  formatGap,
  formatPercent,
  formatUsers,
  groupThousands,
  percentDown,
} from './numbers.ts';
import type { EvidenceUsers } from './evidence-users.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { TargetFacts } from './scope-facts.ts';
import { reasonSentence } from './reason.ts';
import { shareRange } from './report-json.ts';
import { serviceSection } from './service-record.ts';
import { whoWords, WORDS } from './words/words.ts';

/** The plan for a mail or a ticket: the sentence, targets, cost and bound, sites with reasons, gaps, evidence. */
export function summaryMarkdown(result: PlanResult, facts: PlanFacts, gaps: readonly Gap[]): string {
  const sections = [
    `# ${escapeMarkdown(result.scenario.name)}`,
    escapeMarkdown(answerText(result, facts, 'en')),
    targetSection(result, facts),
    evaluationSection(result),
    areaSection(result),
    linesSection(result.lines),
    facts.services === null ? '' : serviceSection(result, facts.services),
    facts.loads === null ? '' : capacitySection(result, facts.loads),
    costSection(result),
    breakdownSection(result),
    mixSection(result),
    siteSection(result, facts),
    gapSection(result, gaps),
    evidenceSection(result, facts),
    listSection('What was assumed', [...result.warnings, ...modelSentences(result)]),
    listSection('What the proof rests on', result.solution.notes),
    inputSection(result),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function targetSection(result: PlanResult, facts: PlanFacts): string {
  const targets = [...(facts.targets.at(-1) ?? [])].sort((a, b) => Number(a.met) - Number(b.met));
  if (targets.length === 0) {
    const rows = facts.periods.map((period) => [
      escapeMarkdown(result.demand.periods[period.period]!),
      percentDown(period.servedTodayMilli, period.totalMilli),
      percentDown(period.servedMilli, period.totalMilli),
      formatUsers(period.servedMilli),
    ]);
    return `## Coverage\n\n${markdownTable(['Period', 'Today', 'Planned', 'Users served'], rows)}`;
  }
  const header = [
    'Region',
    'Period',
    'Required',
    'Today',
    'Planned',
    'With unknown users',
    'Users served',
    'Met',
  ];
  return `## Targets\n\n${markdownTable(
    header,
    targets.map((target) => targetRow(result, target)),
  )}`;
}

/** Regions listed before the summary points to the report. */
const MAX_AREAS = 15;

function areaSection({ areas }: PlanResult): string {
  if (areas === null) return '';
  const [whole, ...regions] = areas;
  const row = (name: string, { km2, coveredKm2 }: CoveredArea): string[] => [
    name,
    km2.toFixed(1),
    coveredKm2.toFixed(1),
  ];
  const rows = [
    row(regions.length === 0 ? 'box around the users' : 'all regions', whole!),
    ...regions.slice(0, MAX_AREAS).map((area) => row(escapeMarkdown(area.region ?? ''), area)),
  ];
  const left = regions.length - MAX_AREAS;
  const more = left > 0 ? `\n\n${left} more regions stand in report.json.` : '';
  return `## Area\n\n${markdownTable(['Area', 'km²', 'Served, km²'], rows)}${more}`;
}

function targetRow(result: PlanResult, target: TargetFacts): string[] {
  return [
    escapeMarkdown(whoWords(WORDS.en, target)),
    escapeMarkdown(result.demand.periods[target.period]!),
    requiredText(target, 'en'),
    percentDown(target.servedTodayMilli, target.totalMilli),
    percentDown(target.servedMilli, target.totalMilli),
    formatPercent(shareDownTwo(shareRange(target).shareHigh)),
    `${formatUsers(target.servedMilli)} of ${formatUsers(target.totalMilli)}`,
    target.met ? 'yes' : '**no**',
  ];
}

function shareDownTwo(share: number): number {
  return Math.floor(share * 10_000 + 1e-9) / 10_000;
}

function costSection(result: PlanResult): string {
  const rows = result.solution.phases.map((phase) => [
    escapeMarkdown(phase.name),
    String(phase.sites.length),
    formatCost(phase.cost),
    formatBound(phase.lowerBound),
    formatGap(phase.gap),
    formatBound(phase.nestedLowerBound),
    formatGap(phase.nestedGap),
    phase.status,
  ]);
  if (rows.length === 0) return '';
  const header = ['Phase', 'New sites', 'Cost', 'Bound', 'Gap', 'Bound given later sites', 'Gap', 'Status'];
  return `## Cost and proof\n\n${markdownTable(header, rows)}`;
}

function breakdownSection(result: PlanResult): string {
  const record = costRecord(result);
  if (record === null) return '';
  const { parts, years, discountRate } = record;
  const yearly = `Yearly costs over ${years} years at ${Number((discountRate * 100).toFixed(6))} %`;
  const rows = [
    ['Sites', formatCost(parts.site)],
    ['Configurations', formatCost(parts.configuration)],
    ['Masts', formatCost(parts.tower)],
    ['Backhaul', formatCost(parts.backhaul)],
    [yearly, formatCost(parts.yearly)],
    ['**Sum**', formatCost(record.cost)],
  ];
  const radio = record.sites.filter(({ backhaul }) => backhaul === 'radio').length;
  const fibre = record.sites.filter(({ backhaul }) => backhaul === 'fibre').length;
  const links = radio + fibre === 0 ? '' : `\n\nBackhaul: ${fibre} sites by fibre, ${radio} by a radio hop.`;
  return `## What the cost is made of\n\n${markdownTable(['Part', 'Cost'], rows)}${links}`;
}

function mixSection(result: PlanResult): string {
  if (result.scenario.configurations === undefined) return '';
  const rows = configurationMix(result).map(({ configuration, sites, upgrades }) => [
    escapeMarkdown(configuration),
    String(sites),
    String(upgrades),
  ]);
  if (rows.length === 0) return '';
  return `## New sites by configuration\n\n${markdownTable(['Configuration', 'Sites', 'Of these upgrades'], rows)}`;
}

function siteSection(result: PlanResult, facts: PlanFacts): string {
  if (facts.sites.length === 0) return '';
  const rows = facts.sites.map((site) => [
    String(site.rank),
    escapeMarkdown(result.candidates.ids[site.site]!),
    escapeMarkdown(result.solution.phases[site.phase]?.name ?? ''),
    formatCost(result.problem.siteCost[site.site]!),
    escapeMarkdown(reasonSentence(WORDS.en, reasonData(result, facts, site))),
  ]);
  return `## Sites, in building order\n\n${markdownTable(['#', 'Site', 'Phase', 'Cost', 'Why'], rows)}`;
}

/** Gaps listed before the summary points to the layer. */
const MAX_GAPS = 15;

function gapSection(result: PlanResult, gaps: readonly Gap[]): string {
  if (gaps.length === 0) return '## Left unserved\n\nNobody.';
  const rows = gaps
    .slice(0, MAX_GAPS)
    .map((gap) => [
      String(gap.rank),
      escapeMarkdown(gap.region ?? '–'),
      `${gap.lat.toFixed(5)}, ${gap.lon.toFixed(5)}`,
      ...gap.usersMilli.map(formatUsers),
    ]);
  const header = ['#', 'Region', 'Most users near (lat, lon)', ...result.demand.periods.map(escapeMarkdown)];
  const more = gaps.length > MAX_GAPS ? `\n\n${gaps.length - MAX_GAPS} more in gaps.geojson.` : '';
  return `## Left unserved\n\n${markdownTable(header, rows)}${more}`;
}

function evidenceSection(result: PlanResult, facts: PlanFacts): string {
  const row = (evidence: EvidenceUsers): string[] =>
    [evidence.measured, evidence.predicted, evidence.interpolated, evidence.unknown].map(formatUsers);
  const rows = facts.periods.flatMap((period) => {
    const name = escapeMarkdown(result.demand.periods[period.period]!);
    return [
      [name, 'today', ...row(period.evidenceToday), groupThousands(String(period.samples))],
      [name, 'planned', ...row(period.evidenceAfter), ''],
    ];
  });
  const header = ['Period', '', 'Measured', 'Predicted', 'Interpolated', 'Unknown', 'Samples'];
  return `## How we know (users by evidence)\n\n${markdownTable(header, rows)}`;
}

function modelSentences(result: PlanResult): string[] {
  const { model, sensitivity, configurations } = result;
  const reach = configurations.map(
    (configuration) =>
      `Configuration ${configuration.id}: ${configuration.frequencyMhz} MHz, ${configuration.eirpDbm} dBm EIRP, ${configuration.heightM} m, reach ${groupThousands(String(Math.floor(configuration.reachM)))} m.`,
  );
  const errors =
    model.errors === null
      ? 'not calibrated'
      : `bias ${model.errors.biasDb.toFixed(1)} dB, RMSE ${model.errors.rmseDb.toFixed(1)} dB over ${model.errors.samples} samples`;
  const outside =
    model.links === 0
      ? '0 %'
      : formatPercent(Math.ceil((model.linksOutsideValidity / model.links) * 10_000) / 10_000);
  return [
    `Propagation model ${model.name}, shadowing ${model.sigmaDb} dB, ${errors}; ${outside} of covered links lie outside its range.`,
    ...heldSentences(result),
    ...reach,
    ...sensitivity.map((entry) =>
      entry.sites === null
        ? `With the signal ${signed(entry.offsetDb)} dB the targets cannot be met.`
        : `With the signal ${signed(entry.offsetDb)} dB the plan would need ${entry.sites} sites.`,
    ),
  ];
}

function heldSentences({ model, configurations }: PlanResult): string[] {
  const held = groupThousands(String(model.linksHeldAtFreeSpace));
  const uplink = configurations.flatMap(({ id, linkBudget }) => {
    const { downlinkMaxLossDb, uplinkMaxLossDb, weaker, uplinkDecides } = linkBudget;
    if (uplinkMaxLossDb === null) return [];
    const who = uplinkDecides
      ? `the ${weaker} decides`
      : `the ${weaker} is weaker; the downlink alone decides`;
    return `Configuration ${id}: downlink bears ${downlinkMaxLossDb.toFixed(1)} dB, uplink ${uplinkMaxLossDb.toFixed(1)} dB; ${who}.`;
  });
  return [
    ...model.linkWarnings.map(
      ({ model: name, parameter, value, min, max, links }) =>
        `${name}: ${parameter}${value === null ? '' : ` ${value}`} is outside ${min} to ${max} on ${groupThousands(String(links))} covered links.`,
    ),
    ...(model.linksHeldAtFreeSpace === 0
      ? []
      : [`On ${held} covered links the formula falls below free space; free space stands in.`]),
    ...(model.existing === null ? [] : [existingSentence(model.existing)]),
    ...uplink,
  ];
}

function existingSentence({ links, linksOutsideValidity, linksHeldAtFreeSpace }: LinkCounts): string {
  const count = (value: number): string => groupThousands(String(value));
  return `Today's network is predicted at ${count(links)} places: ${count(linksOutsideValidity)} of these links lie outside the model's range, ${count(linksHeldAtFreeSpace)} are held at free space.`;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}

function inputSection(result: PlanResult): string {
  const rows = result.inputs.map((input) => [
    input.role,
    escapeMarkdown(input.file),
    input.dialect,
    groupThousands(String(input.featuresRead)),
    Object.entries(input.setAside)
      .map(([reason, count]) => `${escapeMarkdown(reason)}: ${count}`)
      .join(', ') || '–',
    `\`${input.sha256.slice(0, 12)}\``,
  ]);
  return `## Inputs\n\n${markdownTable(['Role', 'File', 'Dialect', 'Read', 'Set aside', 'SHA-256'], rows)}`;
}

function listSection(title: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  return `## ${title}\n\n${sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n')}`;
}
