// Entry of a worker in the source tree (tests, tsx): teaches the thread TypeScript, then loads the real entry.
// The built package starts worker-entry.cjs, which says why this is CommonJS too; tsx stays a development dependency.
const loaded = import('tsx/esm/api').then(({ register }) => {
  register();
  return import('./kernel-worker.ts');
});

module.exports = async (message) => (await loaded).default(message);
