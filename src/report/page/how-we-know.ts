import { formatBound, formatCost, formatGap, formatUsers, groupThousands } from '../numbers.ts';
import { fill } from '../words/words.ts';
import { h, s, table } from './dom.ts';
import type { PageContext } from './part.ts';
import { createScatter } from './scatter.ts';
import { createTraceChart } from './trace-chart.ts';

/** Evidence, model, proof, inputs and assumptions: folded, never hidden. */
export function createHowWeKnow(context: PageContext): HTMLElement {
  const { words, model } = context;
  const { data } = model;
  return h(
    'section',
    { class: 'how' },
    h('h2', {}, words.how),
    fold(words.howEvidence, true, ...evidence(context)),
    fold(words.howModel, false, ...modelBlocks(context)),
    fold(words.howPhases, false, phaseTable(context)),
    fold(
      words.howTrace,
      false,
      h('p', {}, words.howTraceLead),
      createTraceChart(context),
      traceTable(context),
    ),
    fold(words.howNotes, false, list(data.notes, words.none)),
    fold(words.howInputs, false, inputTable(context)),
    fold(words.howAssumed, true, list(data.warnings, words.none)),
  );
}

function fold(title: string, open: boolean, ...children: Node[]): HTMLElement {
  return h('details', { open }, h('summary', {}, title), h('div', { class: 'fold' }, ...children));
}

function list(sentences: readonly string[], none: string): HTMLElement {
  return h(
    'ul',
    {},
    ...(sentences.length === 0 ? [none] : sentences).map((sentence) => h('li', {}, sentence)),
  );
}

function evidence({ model, words }: PageContext): Node[] {
  const { data } = model;
  const names = [
    words.evidenceMeasured,
    words.evidencePredicted,
    words.evidenceInterpolated,
    words.evidenceUnknown,
  ];
  const as = data.unmeasured === 'served' ? words.cellServed : words.cellNotServed;
  const bar = (users: readonly number[]): SVGElement => {
    const total = users.reduce((sum, part) => sum + part, 0) || 1;
    let from = 0;
    const parts = users.map((part, kind) => {
      const rect = s('rect', {
        class: `evidence-${kind}`,
        x: 200 * from,
        y: 0,
        width: (200 * part) / total,
        height: 12,
      });
      from += part / total;
      return rect;
    });
    return s('svg', { viewBox: '0 0 200 12', class: 'evidence-bar', 'aria-hidden': 'true' }, ...parts);
  };
  const rows = data.evidence.flatMap((period, index) => [
    [data.periods[index]!, words.today, bar(period.today), ...period.today.map(formatUsers)],
    [data.periods[index]!, words.cellPlanned, bar(period.after), ...period.after.map(formatUsers)],
  ]);
  const legend = h(
    'p',
    { class: 'evidence-legend' },
    ...names.map((name, kind) =>
      h(
        'span',
        {},
        s(
          'svg',
          { viewBox: '0 0 12 12', 'aria-hidden': 'true' },
          s('rect', { class: `evidence-${kind}`, width: 12, height: 12 }),
        ),
        ` ${name}`,
      ),
    ),
  );
  const samples =
    data.samplesUsed === 0
      ? words.howSamplesNone
      : fill(words.howSamples, {
          used: groupThousands(String(data.samplesUsed)),
          other: groupThousands(String(data.samplesFromAnotherPeriod)),
        });
  const withheld =
    data.bins !== null && data.bins.withheld > 0
      ? fill(words.howWithheld, { count: data.bins.withheld })
      : '';
  return [
    h('p', {}, `${fill(words.howEvidenceLead, { as })} ${samples} ${withheld}`),
    legend,
    table(words.howEvidence, [words.period, '', '', ...names], rows, [3, 4, 5, 6]),
  ];
}

function modelBlocks(context: PageContext): Node[] {
  const { model, words } = context;
  const { data } = model;
  const { errors } = data.model;
  const calibrated =
    errors === null
      ? words.howNotCalibrated
      : fill(words.howCalibrated, {
          bias: errors.biasDb.toFixed(1),
          rmse: errors.rmseDb.toFixed(1),
          samples: groupThousands(String(errors.samples)),
        });
  const sentences = [
    fill(words.howModelText, { name: data.model.name, sigma: data.model.sigmaDb, calibrated }),
    fill(words.howThreshold, {
      threshold: data.thresholdDbm,
      probability: data.locationProbability,
      loss: data.userLossDb,
    }),
    fill(words.howLinks, {
      outside: groupThousands(String(data.model.linksOutsideValidity)),
      links: groupThousands(String(data.model.links)),
    }),
    data.model.linksHeldAtFreeSpace === 0
      ? ''
      : fill(words.howHeld, { held: groupThousands(String(data.model.linksHeldAtFreeSpace)) }),
    ...data.model.linkWarnings.map(({ model: name, parameter, value, min, max, links }) =>
      fill(words.howOutside, {
        model: name,
        parameter,
        value: value === null ? '' : ` ${value}`,
        min,
        max,
        links: groupThousands(String(links)),
      }),
    ),
    data.model.existing === null
      ? ''
      : fill(words.howExisting, {
          links: groupThousands(String(data.model.existing.links)),
          outside: groupThousands(String(data.model.existing.linksOutsideValidity)),
          held: groupThousands(String(data.model.existing.linksHeldAtFreeSpace)),
        }),
    uplinkSentence(context),
    Object.entries(data.model.parameters)
      .map(([name, value]) => `${name} = ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`)
      .join(', '),
  ];
  const header = [
    words.howConfiguration,
    words.howFrequency,
    words.howEirp,
    words.howHeight,
    words.howAzimuths,
    words.howReach,
    words.howDownlink,
    words.howUplink,
    words.howMargin,
  ];
  const rows = data.configurations.map((configuration) => [
    configuration.id,
    String(configuration.frequencyMhz),
    String(Number(configuration.eirpDbm.toFixed(1))),
    String(configuration.heightM),
    configuration.azimuthsDeg.length === 0 ? words.howOmni : configuration.azimuthsDeg.join('°, ') + '°',
    groupThousands(String(Math.floor(configuration.reachM))),
    configuration.linkBudget.downlinkMaxLossDb.toFixed(1),
    configuration.linkBudget.uplinkMaxLossDb?.toFixed(1) ?? '–',
    configuration.linkBudget.shadowMarginDb.toFixed(1),
  ]);
  const sensitivity = data.sensitivity.map((entry) => [
    `${entry.offsetDb > 0 ? '+' : ''}${entry.offsetDb} dB`,
    entry.sites === null ? words.howImpossible : groupThousands(String(entry.sites)),
  ]);
  return [
    ...sentences.filter((sentence) => sentence !== '').map((sentence) => h('p', {}, sentence)),
    table(words.howConfiguration, header, rows, [1, 2, 3, 5, 6, 7, 8]),
    ...(sensitivity.length === 0
      ? []
      : [
          h('h3', {}, words.howSensitivity),
          table(words.howSensitivity, [words.howOffset, words.howSensitivitySites], sensitivity, [0, 1]),
        ]),
    ...(data.model.scatter === null
      ? []
      : [h('h3', {}, words.howScatter), createScatter(data.model.scatter, words.howScatter)]),
  ];
}

function uplinkSentence({ model, words }: PageContext): string {
  const budget = model.data.configurations.find(({ linkBudget }) => linkBudget.uplinkMaxLossDb !== null);
  if (budget === undefined) return '';
  return budget.linkBudget.uplinkDecides ? words.howUplinkDecides : words.howUplinkBeside;
}

function phaseTable({ model, words }: PageContext): HTMLElement {
  const header = [
    words.phase,
    words.numberSites,
    words.colCost,
    words.traceBound,
    words.traceGap,
    words.howNested,
    words.traceGap,
    words.howStatus,
  ];
  const rows = model.data.phases.map((phase) => [
    phase.name,
    formatCost(phase.sites),
    formatCost(phase.cost),
    formatBound(phase.lowerBound),
    formatGap(phase.gap),
    formatBound(phase.nestedLowerBound),
    formatGap(phase.nestedGap),
    phase.status,
  ]);
  return table(words.howPhases, header, rows, [1, 2, 3, 4, 5, 6]);
}

function traceTable({ model, words }: PageContext): HTMLElement {
  const header = [
    words.phase,
    words.traceRound,
    words.traceWork,
    words.traceIncumbent,
    words.traceBound,
    words.traceGap,
    words.traceFoundBy,
  ];
  const rows = model.data.trace.map((entry) => [
    entry.phase,
    String(entry.round),
    groupThousands(String(Math.round(entry.work))),
    entry.incumbent === null ? '–' : formatCost(entry.incumbent),
    formatBound(entry.lowerBound),
    entry.gap === null ? '–' : formatGap(entry.gap),
    entry.foundBy,
  ]);
  return table(words.howTrace, header, rows, [1, 2, 3, 4, 5]);
}

function inputTable({ model, words }: PageContext): HTMLElement {
  const counts = (entries: Readonly<Record<string, number>>): string =>
    Object.entries(entries)
      .map(([name, count]) => `${name}: ${groupThousands(String(count))}`)
      .join('; ') || words.none;
  const header = [
    words.inputRole,
    words.inputFile,
    words.inputDialect,
    words.inputRead,
    words.inputAside,
    words.inputDropped,
    'SHA-256',
  ];
  const rows = model.data.inputs.map((input) => [
    input.role,
    input.file,
    input.dialect,
    groupThousands(String(input.featuresRead)),
    counts(input.setAside),
    counts(input.identifiersDropped),
    h('code', {}, input.sha256),
  ]);
  return table(words.howInputs, header, rows, [3]);
}
