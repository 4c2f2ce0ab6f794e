import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvField, escapeHtml, escapeMarkdown, jsonForScript } from '../../src/report/escape.ts';
import {
  formatBound,
  formatGap,
  formatUsers,
  formatUsersUp,
  percentDown,
  shareDown,
} from '../../src/report/numbers.ts';
import { packIntegers, unpackIntegers } from '../../src/report/packed-integers.ts';
import { displayWidth, sanitizeForTerminal, terminalText } from '../../src/report/terminal-text.ts';
import { en } from '../../src/report/words/en.ts';
import { zh } from '../../src/report/words/zh.ts';

describe('shares and users as shown', () => {
  it('round down, so that a missed target never reads as met', () => {
    expect(percentDown(98_999_999, 100_000_000)).toBe('98.99 %');
    expect(percentDown(949_999, 1_000_000, 1)).toBe('94.9 %');
    expect(percentDown(0, 0)).toBe('100.00 %');
    expect(formatUsers(8_412_999)).toBe('8,412');
    expect(formatUsersUp(1)).toBe('1');
  });

  it('agree with exact integer division, also beyond 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        const [part, whole] = a < b ? [a, b] : [b, a];
        if (whole === 0) return;
        const exact = (BigInt(part) * 1_000_000n) / BigInt(whole);
        expect(shareDown(part, whole)).toBe(Number(exact) / 1e6);
      }),
    );
  });

  it('state gaps rounded up and bounds rounded down', () => {
    expect(formatGap(0.0321000001)).toBe('3.22 %');
    expect(formatGap(0)).toBe('0.00 %');
    expect(formatBound(87.99999)).toBe('87.999');
    expect(formatBound(1234)).toBe('1,234');
  });
});

describe('hostile text stays text', () => {
  it('cannot close a script element or an attribute', () => {
    expect(jsonForScript({ name: '</script><script>alert(1)</script>\u2028' })).not.toMatch(/<|\u2028/);
    expect(JSON.parse(jsonForScript('</script>'))).toBe('</script>');
    expect(escapeHtml(`<img src=x onerror="alert('1')">&`)).not.toMatch(/[<>"']/);
  });

  it('cannot become a spreadsheet formula', () => {
    for (const formula of ['=cmd()', '+1', '-1+cmd', '@SUM(A1)', '\t=1', '\r=1']) {
      expect(csvField(formula).replace(/^"/, '')).toMatch(/^'/);
    }
    expect(csvField(-3.5)).toBe('-3.5');
    expect(csvField('a,"b"\n')).toBe('"a,""b""\n"');
  });

  it('cannot make Markdown tables, links or HTML', () => {
    expect(escapeMarkdown('a|b [x](y) <b>\n# c')).toBe('a\\|b \\[x\\](y) \\<b\\> # c');
  });

  it('cannot send escape sequences or flip the reading direction in a terminal', () => {
    expect(terminalText('\u001b[31mred\u0007')).toBe('\\u001b[31mred\\u0007');
    expect(terminalText('a\u202eb\u200f\u009b')).toBe('a\\u202eb\\u200f\\u009b');
    expect(terminalText('x'.repeat(1000)).length).toBe(200);
    expect(sanitizeForTerminal('one\ntwo\u001b]0;x')).toBe('one\ntwo\\u001b]0;x');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // eslint-disable-next-line no-control-regex -- exactly what must not pass
        expect(terminalText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('counts East Asian characters as two columns', () => {
    expect(displayWidth('站点 A')).toBe(6);
  });
});

describe('integer columns of the page', () => {
  it('come back as they were, plain and as differences', () => {
    const integer = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
    fc.assert(
      fc.property(fc.array(integer), fc.boolean(), (values, differences) => {
        expect([...unpackIntegers(packIntegers(values, differences), differences)]).toEqual(
          values.map((v) => v + 0),
        );
      }),
    );
  });
});

describe('the two languages', () => {
  it('have the same keys and the same placeholders', () => {
    const placeholders = (text: string): string[] =>
      [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(new Set(placeholders(zh[key])), key).toEqual(new Set(placeholders(en[key])));
    }
  });
});
