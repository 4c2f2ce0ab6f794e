// Kernels for the queue's tests, plain JavaScript so that a worker process on built files can load them.

const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Waits without computing, then says what it was asked; typed arrays and -0 must arrive as they left. */
const slowSum = {
  name: 'test/slow-sum',
  run({ values }, { from, to, ms }) {
    pause(ms);
    let sum = -0;
    for (let i = from; i < to; i++) sum += values[i];
    return { sum, parts: values.slice(from, to), isShared: values.buffer instanceof SharedArrayBuffer };
  },
};

const refuse = {
  name: 'test/refuse',
  run(_shared, text) {
    throw new RangeError(text);
  },
};

const untilStopped = {
  name: 'test/until-stopped',
  run(_shared, task, context) {
    for (let turn = 0; turn < 600; turn++) {
      if (context.shouldStop()) return `stopped ${task}`;
      pause(50);
    }
    return `ran out ${task}`;
  },
};

/** Ends the whole worker process at once, as a lack of memory would. */
const endWorker = {
  name: 'test/end-worker',
  run() {
    process.kill(process.pid, 'SIGKILL');
    pause(60_000);
  },
};

export const kernels = [slowSum, refuse, untilStopped, endWorker];
