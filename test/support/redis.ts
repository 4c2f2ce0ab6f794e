import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A redis-server of this test alone: loopback, nothing on disk, ended by its process number. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Ends it at once (kill -9): what it held is lost. */
  stop(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startRedis(program: string, password?: string): Promise<TestRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'mastplan-redis-'));
  const port = await freePort();
  let server: ChildProcess | null = null;
  const redis: TestRedis = {
    port,
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
      if (password !== undefined) args.push('--requirepass', password);
      const started = spawn(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
      server = started;
      await new Promise<void>((resolve, reject) => {
        started.on('error', reject);
        started.on('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
        started.stdout.on('data', (text: Buffer) => {
          if (text.toString().includes('Ready to accept connections')) resolve();
        });
      });
      started.stdout.resume();
    },
    stop: async () => {
      const running = server;
      server = null;
      if (running === null) return;
      const ended = new Promise((resolve) => running.on('exit', resolve));
      running.kill('SIGKILL');
      await ended;
    },
    close: async () => {
      await redis.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await redis.start();
  return redis;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
