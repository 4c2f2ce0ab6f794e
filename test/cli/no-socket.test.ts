// No command opens a socket: the program runs with every way to the network trapped, in all its threads.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bin/mastplan.js', import.meta.url));
const preload = fileURLToPath(new URL('../support/no-network.cjs', import.meta.url));
const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-sockets-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Runs Node with the trap set; what it caught is null when nothing touched the network. */
function trapped(
  name: string,
  args: readonly string[],
): { status: number | null; stderr: string; caught: string | null } {
  const trap = join(work, name);
  const { status, stderr } = spawnSync(process.execPath, ['--require', preload, ...args], {
    encoding: 'utf8',
    // A store that is named is not used as long as no queue is.
    env: { ...process.env, MASTPLAN_QUEUE_STORE: 's3://bucket/prefix', NETWORK_TRAP: trap },
  });
  return { status, stderr, caught: existsSync(trap) ? readFileSync(trap, 'utf8') : null };
}

describe('the network', () => {
  it('is not touched by a plan with two worker threads and every format', () => {
    const formats = 'geojson,gpkg,fgb,parquet,csv,kml,tif';
    const args = [
      'plan',
      tiny,
      '--threads',
      '2',
      '--quiet',
      '--formats',
      formats,
      '--out',
      join(work, 'out'),
    ];
    expect(trapped('plan', [program, ...args])).toEqual({ status: 0, stderr: '', caught: null });
  });

  // The trap itself: these are caught, in the main thread and in a worker.
  it.each([
    ['net', 'net.connect(9)', 'net.Socket.connect\n'],
    ['server', 'net.createServer().listen(0)', 'net.Server.listen\n'],
    ['http', "http.get('http://127.0.0.1:9')", 'net.Socket.connect\n'],
    ['dns', "dns.lookup('localhost', () => {})", 'dns.lookup\n'],
    ['dgram', "dgram.createSocket('udp4')", 'dgram.createSocket\n'],
    ['fetch', "fetch('http://127.0.0.1:9')", 'fetch\n'],
    [
      'worker',
      `new worker_threads.Worker("require('net').connect(9)", { eval: true }).on('error', () => {})`,
      'net.Socket.connect\n',
    ],
  ])('is watched: %s', (name, code, caught) => {
    expect(trapped(name, ['-e', code]).caught).toBe(caught);
  });
});
