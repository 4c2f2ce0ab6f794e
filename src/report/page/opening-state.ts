import type { PageData } from '../page-data-types.ts';
import type { LayerName, State } from './state.ts';

/** The finished plan in the period that is worst today. */
export function openingState(data: PageData): State {
  const layers: LayerName[] = ['regions', 'today', 'new', 'open', 'existing', 'sites', 'gaps'];
  const worst = data.scopes.reduce((a, b) =>
    b.todayMilli * a.totalMilli < a.todayMilli * b.totalMilli ? b : a,
  );
  return {
    language: data.language,
    theme: 'auto',
    period: worst.period,
    built: data.sites.length,
    layers: new Set(layers),
    site: null,
    region: null,
    axis: data.unitCosts ? 'sites' : 'cost',
  };
}
