/**
 * What Piscina loads in a worker of the built package. CommonJS, because Piscina tries `require` first: Node ends the whole process
 * when a worker is ended while it requires a module that is not CommonJS (`Module::IsGraphAsync must be used on an instantiated
 * module`, Node 20.20), as a pool does that is closed before all its workers are up. An import may be interrupted.
 */
const loaded = import('./kernel-worker.ts');

export = async function runTask(message: Parameters<Awaited<typeof loaded>['default']>[0]) {
  return (await loaded).default(message);
};
