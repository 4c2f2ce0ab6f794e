// What users ask for, from the scenario as the report has it.

/** The value of a period, of one number for all or one each. */
export function valueIn(value, period) {
  return typeof value === 'object' ? value[period] : value;
}

/** What a user of a service asks for, whole bit/s; of any user where the scenario has one service. */
export function statedRate({ traffic, services }, name, period) {
  const own = services?.find((service) => service.name === name);
  const stated = own?.mbpsPerUser === undefined ? traffic : own;
  if (stated?.mbpsPerUser === undefined) return 0;
  const mbps = valueIn(stated.mbpsPerUser, period) * valueIn(stated.activity ?? 1, period);
  return Math.floor(mbps * 1e6 + 1e-6);
}
