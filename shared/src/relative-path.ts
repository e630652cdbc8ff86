/**
 * Paths as the file systems here take them: relative to the data folder, with
 * `/` between names; "" is the data folder itself.
 */

/**
 * The names along `path`: "l0/sst-1.json" gives ["l0", "sst-1.json"], "" gives [].
 * @throws Error if the path is absolute or could leave the data folder
 */
export function pathSegments(path: string): string[] {
  if (path === '') return [];
  const segments = path.split('/');
  if (segments.every(isPlainName)) return segments;
  throw new Error(
    `"${path}" is not a path inside the data folder: expected names with "/" between them, ` +
      'not absolute, none of them empty, "." or ".."',
  );
}

/** "l0" for "l0/sst-1.json"; "" for a name directly in the data folder. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A backslash or a NUL means something else to some operating system. */
function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[\\\0]/.test(name);
}
