/** The name of a file without its folders. @param path with `/` */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
