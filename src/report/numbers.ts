/** Users are whole thousandths inside; files carry them as numbers with up to three decimals. */
export function usersFromMilli(usersMilli: number): number {
  return usersMilli / 1000;
}

/**
 * A share rounded down to `decimals` places, computed in integers so that 98.9999… % never reads 99 %. A whole of
 * nobody counts as reached (design section 5: 0 >= share x 0).
 */
export function shareDown(part: number, whole: number, decimals = 6): number {
  if (whole <= 0) return 1;
  const scale = 10 ** decimals;
  const scaled = part * scale;
  const units = Number.isSafeInteger(scaled)
    ? Math.floor((scaled - (scaled % whole)) / whole)
    : Number((BigInt(part) * BigInt(scale)) / BigInt(whole));
  return units / scale;
}

/** `95.00 %`, rounded down. */
export function percentDown(part: number, whole: number, decimals = 2): string {
  return formatPercent(shareDown(part, whole, decimals + 2), decimals);
}

/** A share that is already a multiple of 10^-(decimals + 2). */
export function formatPercent(share: number, decimals = 2): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

/** A required share as the scenario wrote it: `95 %`, `99.5 %`, without trailing zeros. */
export function formatRequired(numerator: number, denominator: number): string {
  return `${Number(((numerator / denominator) * 100).toFixed(6))} %`;
}

export { formatGap } from '../format-gap.ts';

/** Whole users, thousands separated, rounded down. */
export function formatUsers(usersMilli: number): string {
  return groupThousands(String(Math.floor(usersMilli / 1000)));
}

/** A shortfall in whole users, rounded up: 0.2 users short is one user short. */
export function formatUsersUp(usersMilli: number): string {
  return groupThousands(String(Math.ceil(usersMilli / 1000)));
}

/** A cost with at most three decimals, thousands separated. */
export function formatCost(cost: number): string {
  const [whole = '0', fraction = ''] = String(Number(cost.toFixed(3))).split('.');
  return groupThousands(whole) + (fraction === '' ? '' : `.${fraction}`);
}

/** A lower bound: rounded down, so that it stays one. */
export function formatBound(bound: number): string {
  return formatCost(Math.floor(bound * 1000 + 1e-6) / 1000);
}

export function groupThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
