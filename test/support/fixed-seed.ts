import fc from 'fast-check';

// The same cases in every run, so that CI never fails by chance; FC_SEED=n explores others.
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20261122) });
