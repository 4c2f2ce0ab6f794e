/**
 * `mastplan/radio`: propagation, antennas and link budgets as plain functions of numbers, for Node and browsers alike.
 * Formulas, sources and ranges stand at each function; docs/models.md says which of them scenarios can name.
 */
export * from './antenna-file.ts';
export * from './antenna.ts';
export * from './cascaded-edges.ts';
export * from './column-array.ts';
export * from './cost231-hata.ts';
export * from './ehata.ts';
export * from './ericsson9999.ts';
export * from './extended-hata.ts';
export * from './free-space.ts';
export * from './itm/codes.ts';
export * from './itm/itm.ts';
export * from './link-budget.ts';
export * from './log-distance.ts';
export * from './okumura-hata.ts';
export * from './p1411.ts';
export * from './p1546.ts';
export * from './p1812/basic-loss.ts';
export * from './p2108.ts';
export * from './p2109.ts';
export * from './p526.ts';
export * from './profile.ts';
export * from './reliability.ts';
export * from './resource-grid.ts';
export * from './spectral-efficiency.ts';
export * from './spm.ts';
export * from './sui.ts';
export * from './tr38901-inh.ts';
export * from './tr38901-o2i.ts';
export * from './tr38901-rma.ts';
export * from './tr38901-uma.ts';
export * from './tr38901-umi.ts';
export * from './validity.ts';
