import { z } from 'zod';

const share = z.number().min(0).max(1).describe('0..1, rounded down to six places.');
export const users = z.number().min(0).describe('Users, up to three decimals (whole thousandths).');

/** Users of a scope in a period: how many are served, today and in the plan. */
export const servedUsers = {
  users,
  usersServedToday: users,
  usersServed: users,
  shareToday: share,
  reached: share,
  shareLow: share.describe('Without the users about whom nothing is known.'),
  shareHigh: share.describe('With them.'),
};
