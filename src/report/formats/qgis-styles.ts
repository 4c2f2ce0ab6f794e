/**
 * QGIS styles (QML) for the layers of `plan.gpkg`, the colours of the page: QGIS reads them from `layer_styles` when a
 * layer is opened. `period` names the columns the demand is coloured by.
 */
export function qgisStyle(layer: string, period: string): string | null {
  const served = identifier(`served_${period}`);
  const today = identifier(`served_today_${period}`);
  switch (layer) {
    case 'sites':
      return styleDocument(
        singleSymbol(marker('circle', '20,80,122,255', 4.4)),
        labels('"rank"', '255,255,255,255', 7),
      );
    case 'candidates':
      return styleDocument(singleSymbol(marker('diamond', '170,178,187,255', 1.8)));
    case 'demand':
      return styleDocument(
        ruleRenderer([
          ['served today', `${today} = 1`, marker('square', '148,171,196,255', 1.6)],
          ['newly served', `${served} = 1 AND ${today} = 0`, marker('square', '11,127,122,255', 1.6)],
          ['not served', `${served} = 0`, marker('square', '217,72,15,255', 1.6)],
        ]),
      );
    case 'gaps':
      return styleDocument(
        singleSymbol(fill('217,72,15,40', '217,72,15,255', 'dash')),
        labels(identifier(`users_${period}`), '143,45,6,255', 8),
      );
    case 'service-areas':
      return styleDocument(singleSymbol(fill('20,80,122,0', '20,80,122,140', 'solid')));
    case 'existing':
      return styleDocument(singleSymbol(marker('triangle', '23,33,43,255', 2.6)));
    case 'regions':
      return styleDocument(
        singleSymbol(fill('0,0,0,0', '110,120,130,255', 'solid')),
        labels('"name"', '83,97,111,255', 9),
      );
    case 'lines':
      return styleDocument(
        ruleRenderer([
          ['served today', '"served_today" = 1', stroke('148,171,196,255')],
          ['newly served', '"served" = 1 AND "served_today" = 0', stroke('11,127,122,255')],
          ['not served', '"served" = 0', stroke('217,72,15,255')],
        ]),
      );
    case 'bins':
      return styleDocument(singleSymbol(marker('circle', '200,68,106,255', 1.2)));
    default:
      return null;
  }
}

function identifier(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}

function styleDocument(renderer: string, labeling = ''): string {
  return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.28.0" styleCategories="Symbology|Labeling" labelsEnabled="${labeling === '' ? 0 : 1}">
${renderer}${labeling}</qgis>
`;
}

function singleSymbol(symbol: (name: string) => string): string {
  return `<renderer-v2 type="singleSymbol" symbollevels="0" forceraster="0">
<symbols>
${symbol('0')}</symbols>
</renderer-v2>
`;
}

function ruleRenderer(rules: readonly (readonly [string, string, (name: string) => string])[]): string {
  const list = rules.map(
    ([label, filter], k) =>
      `<rule key="{rule-${k}}" symbol="${k}" label="${xml(label)}" filter="${xml(filter)}"/>\n`,
  );
  const symbols = rules.map(([, , symbol], k) => symbol(String(k)));
  return `<renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0">
<rules key="{rules}">
${list.join('')}</rules>
<symbols>
${symbols.join('')}</symbols>
</renderer-v2>
`;
}

function marker(shape: string, color: string, sizeMm: number): (name: string) => string {
  return (name) =>
    symbolOf('marker', name, 'SimpleMarker', {
      name: shape,
      color,
      size: String(sizeMm),
      size_unit: 'MM',
      outline_color: '255,255,255,255',
      outline_style: shape === 'square' ? 'no' : 'solid',
      outline_width: '0.2',
    });
}

function stroke(color: string): (name: string) => string {
  return (name) =>
    symbolOf('line', name, 'SimpleLine', {
      line_color: color,
      line_style: 'solid',
      line_width: '0.7',
      line_width_unit: 'MM',
      capstyle: 'flat',
    });
}

function fill(color: string, outline: string, outlineStyle: string): (name: string) => string {
  return (name) =>
    symbolOf('fill', name, 'SimpleFill', {
      color,
      style: 'solid',
      outline_color: outline,
      outline_style: outlineStyle,
      outline_width: '0.3',
      outline_width_unit: 'MM',
    });
}

function symbolOf(
  type: string,
  name: string,
  layerClass: string,
  options: Readonly<Record<string, string>>,
): string {
  const list = Object.entries(options).map(
    ([key, value]) => `<Option type="QString" name="${key}" value="${xml(value)}"/>\n`,
  );
  return `<symbol type="${type}" name="${name}" alpha="1" clip_to_extent="1" force_rhr="0">
<layer class="${layerClass}" enabled="1" locked="0" pass="0">
<Option type="Map">
${list.join('')}</Option>
</layer>
</symbol>
`;
}

function labels(expression: string, color: string, sizePt: number): string {
  return `<labeling type="simple">
<settings calloutType="simple">
<text-style fieldName="${xml(expression)}" isExpression="1" fontSize="${sizePt}" fontSizeUnit="Point" textColor="${color}"/>
<placement placement="1" centroidInside="1"/>
</settings>
</labeling>
`;
}

function xml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
