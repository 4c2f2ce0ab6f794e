// Preloaded into the process that is measured: on exit it says what the kernel counted, on file descriptor 3.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeSync(3, JSON.stringify({ peakBytes: maxRSS * 1024, cpuS: (userCPUTime + systemCPUTime) / 1e6 }));
  });
}
