import { InputError } from '../errors.ts';

/** An error of the file system about an input file, as one sentence for its owner. */
export function unreadable(file: string, error: unknown): InputError {
  const code = (error as { code?: unknown }).code;
  switch (code) {
    case 'ENOENT':
      return new InputError('no such file.', { code: 'file-missing', file });
    case 'EISDIR':
      return new InputError('is a folder, a file is expected.', { code: 'file-is-folder', file });
    case 'EACCES':
    case 'EPERM':
      return new InputError('may not be read.', {
        code: 'file-unreadable',
        file,
        hint: 'Check its permissions.',
      });
    default: {
      const reason = error instanceof Error ? error.message : String(error);
      return new InputError(`cannot be read (${reason}).`, { code: 'file-unreadable', file });
    }
  }
}
