import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FILE_CHECKS } from '../../scripts/radio-validation/registry.ts';
import { checkFile } from '../../scripts/radio-validation/run.ts';

const root = fileURLToPath(new URL('../fixtures/radio/', import.meta.url));
const folder = {
  text: (name: string): string | null => (existsSync(root + name) ? readFileSync(root + name, 'utf8') : null),
};

describe('reference files (sources in test/fixtures/radio/README.md)', () => {
  for (const check of FILE_CHECKS) {
    it(`${check.file}: every row is within its tolerance`, () => {
      const result = checkFile(check, folder);
      expect(result?.failures).toEqual([]);
      expect(result?.within).toBe(result?.rows);
      expect(result?.rows).toBeGreaterThan(0);
    });
  }

  it('says which row is wrong and by how much', () => {
    const check = FILE_CHECKS.find(({ file }) => file === 'empirical_pathloss.csv')!;
    const text = 'model,env,f_mhz,d_km,h_b_m,h_m_m,loss_db\nfspl_p525,,900,5,,,105.6\n';
    const result = checkFile(check, { text: () => text })!;
    expect(result.within).toBe(0);
    expect(result.failures[0]).toMatch(/^row 1: loss dB 105\.5\d* instead of 105\.6/);
  });

  it('reports a missing column instead of a wrong number', () => {
    const check = FILE_CHECKS.find(({ file }) => file === 'reliability.csv')!;
    const result = checkFile(check, { text: () => 'case,input\njakes_area,p_edge=0.5\n' })!;
    expect(result.failures).toEqual(['lacks the columns value']);
  });
});
