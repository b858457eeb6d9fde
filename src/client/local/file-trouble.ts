/** Why a file cannot be read or written, without the words of the system's calls. */
export function fileTrouble(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return words[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EACCES:
    'this user may not do that: its permissions, or those of a folder above it, are for others',
  EPERM: 'this user may not do that: its permissions are for others',
  EROFS: 'it is on a file system that can only be read',
  ENOSPC: 'there is no space left',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
};
