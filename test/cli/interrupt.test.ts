import { expect, it, vi } from 'vitest';
import { withInterrupt } from '../../src/cli/interrupt.ts';
import { InterruptedError } from '../../src/errors.ts';

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s while there is nothing to write ends with exit code %i, not as a defect',
  async (name, code) => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const running = withInterrupt(async ({ signal }) => {
      process.emit(name, name);
      await Promise.resolve();
      signal.throwIfAborted();
    }, 'nothing is written');
    await expect(running).rejects.toEqual(new InterruptedError(code));
    await expect(running).rejects.toMatchObject({ exitCode: code });
    expect(stderr.mock.calls.flat().join('')).toContain(
      'Interrupted: nothing is written. Press Ctrl-C again',
    );
    stderr.mockRestore();
  },
);

it('leaves errors that no signal caused as they are', async () => {
  await expect(withInterrupt(() => Promise.reject(new RangeError('x')))).rejects.toThrow(RangeError);
});
