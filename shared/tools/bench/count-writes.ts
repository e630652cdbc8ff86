import type {FileSystem} from '../../src/file-system.ts';

export interface Written {
  bytes: number;
}

/** Counts from now on the bytes that are appended to files. Changes `fileSystem` itself, so that nothing is slower. */
export function countWrites(fileSystem: FileSystem): Written {
  const written = {bytes: 0};
  const open = fileSystem.open.bind(fileSystem);
  fileSystem.open = async (path, mode) => {
    const file = await open(path, mode);
    const append = file.append.bind(file);
    file.append = (bytes) => {
      written.bytes += bytes.length;
      return append(bytes);
    };
    return file;
  };
  return written;
}
