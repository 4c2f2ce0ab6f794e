import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';

/** A file system of a few kilobytes, for what happens on a full disk. */
export interface SmallDisk {
  readonly path: string;
  resize(kilobytes: number): void;
  remove(): void;
}

/** Mounting needs the rights of root and a kernel that lets them count (containers often do not). */
export const canMount = tryToMount();

function tryToMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync(
      '/bin/sh',
      ['-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=4k tmpfs $d && umount $d && rmdir $d'],
      {
        stdio: 'ignore',
      },
    );
    return true;
  } catch {
    return false;
  }
}

/** Mounts a small disk at a new folder; only where `canMount`. */
export function mountSmallDisk(path: string, kilobytes: number): SmallDisk {
  mkdirSync(path, { recursive: true });
  const mount = (...args: string[]): unknown => execFileSync('mount', args, { stdio: 'pipe' });
  mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path);
  return {
    path,
    resize: (size) => void mount('-o', `remount,size=${size}k`, path),
    remove: () => {
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A folder that may not be written, for root too where it can mount. */
export function readOnlyFolder(path: string): { remove(): void } {
  mkdirSync(path, { recursive: true });
  if (canMount) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=4k', 'tmpfs', path]);
    return {
      remove: () => {
        execFileSync('umount', ['-l', path]);
        rmSync(path, { recursive: true, force: true });
      },
    };
  }
  chmodSync(path, 0o500);
  return {
    remove: () => {
      chmodSync(path, 0o700);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
