/** What the reports say of roads and railways, English. */
export const linesEn = {
  lines: 'Roads and other lines',
  linesAnswer:
    'Of {km} km of lines {today} km are served today and {served} km ({share}) when all sites stand.',
  linesLead:
    'Lines are judged in pieces of at most {pieceM} m, at the middle of each, by the rules for users.',
  linesTable: 'Kilometres served',
  linesByRegion: 'By region',
  linesGroup: 'Lines',
  linesAll: 'all',
  linesUngrouped: '(not stated)',
  linesKm: 'km',
  linesToday: 'Today, km',
  linesServed: 'Planned, km',
  linesShare: 'Planned',
  linesUnknown: 'With unknown',
  linesNotDrawn: 'They are too many for the map here; the layer lines holds them all.',
  layerLines: 'Lines',
  layerLinesNote: 'dashed: not served',
} as const;

/** The same in Chinese. */
export const linesZh = {
  lines: '道路及其他线路',
  linesAnswer: '线路共 {km} 公里，目前已服务 {today} 公里，全部站点建成后为 {served} 公里（{share}）。',
  linesLead: '线路按不超过 {pieceM} 米的小段判断，取每段中点，规则与用户相同。',
  linesTable: '已服务公里数',
  linesByRegion: '按区域',
  linesGroup: '线路',
  linesAll: '全部',
  linesUngrouped: '（未注明）',
  linesKm: '公里',
  linesToday: '目前，公里',
  linesServed: '规划后，公里',
  linesShare: '规划后',
  linesUnknown: '含未知',
  linesNotDrawn: '线路过多，此处地图未绘制；图层 lines 中有全部线路。',
  layerLines: '线路',
  layerLinesNote: '虚线：未服务',
} as const;
