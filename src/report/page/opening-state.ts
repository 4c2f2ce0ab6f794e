import { unpackIntegers } from '../packed-integers.ts';
import type { PageData, PageScope } from '../page-data-types.ts';
import type { LayerName, State } from './state.ts';

/** The finished plan in the period that is worst today; of equals the one that stays worst. */
export function openingState(data: PageData): State {
  const layers: LayerName[] = ['regions', 'today', 'new', 'open', 'existing', 'sites', 'gaps'];
  if ((data.lines?.drawn ?? null) !== null) layers.push('lines');
  const worst = data.scopes.reduce((a, b) => {
    const today = b.todayMilli * a.totalMilli - a.todayMilli * b.totalMilli;
    const planned = plannedMilli(b) * a.totalMilli - plannedMilli(a) * b.totalMilli;
    return today < 0 || (today === 0 && planned < 0) ? b : a;
  });
  return {
    language: data.language,
    theme: 'auto',
    period: worst.period,
    built: data.sites.length,
    layers: new Set(layers),
    site: null,
    region: null,
    service: null,
    axis: data.unitCosts ? 'sites' : 'cost',
  };
}

function plannedMilli({ todayMilli, newMilli }: PageScope): number {
  return unpackIntegers(newMilli).reduce((sum, users) => sum + users, todayMilli);
}
