// A queue worker on the built files with the tests' kernels: node worker-process.mjs URL STORE SOFTWARE-AS-JSON [LOCK-MS].
// Says 'ready', then answers every message with its state.
import { openStore } from '../../../dist/parallel/queue/open-store.js';
import { queueAddress } from '../../../dist/parallel/queue/queue-address.js';
import { startQueueWorker } from '../../../dist/parallel/queue/queue-worker.js';

const [url, store, software, lockMs] = process.argv.slice(2);
const worker = await startQueueWorker({
  address: queueAddress({ url, prefix: undefined, env: {} }),
  store: await openStore(store, process.env),
  software: JSON.parse(software),
  threads: 1,
  ...(lockMs !== undefined && { lockMs: Number(lockMs) }),
  kernelModules: [new URL('./slow-kernels.mjs', import.meta.url).href],
});
process.on('message', () => process.send(worker.state()));
process.send('ready');
