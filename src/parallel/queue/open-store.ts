import { openFolderStore } from './folder-store.ts';
import type { JobStore } from './job-store.ts';
import type { Environment } from './s3-address.ts';

/** The store of a `--queue-store`: `s3://BUCKET/PREFIX`, else a folder. */
export async function openStore(shown: string, env: Environment): Promise<JobStore> {
  if (!/^s3:/i.test(shown)) return openFolderStore(shown);
  const { openS3Store } = await import('./s3-store.ts');
  return openS3Store(shown, env);
}
