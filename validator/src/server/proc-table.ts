/** Processes and their sockets as Linux shows them in /proc (proc(5)). */

import {closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync} from 'node:fs';
import {askAsOwner} from './as-owner.ts';
import type {ListeningSocket, ProcessEntry, ProcessTable} from './process-table.ts';

export const procTable: ProcessTable = {
  startTolerance: 0,

  list() {
    const entries: ProcessEntry[] = [];
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const stat = readStat(`/proc/${name}/stat`);
      if (stat !== undefined) entries.push(parseStat(stat));
    }
    return entries;
  },

  hasEnvironment(pid, assignment) {
    const environment =
      readOrUndefined(`/proc/${pid}/environ`) ?? askAsOwner(pid, 'cat "/proc/$1/environ"');
    return environment?.split('\0').includes(assignment) ?? false;
  },

  listeningSockets(pids) {
    const byInode = new Map<string, {host: string; port: number}>();
    for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
      for (const line of (readOrUndefined(file) ?? '').split('\n').slice(1)) {
        const socket = parseListener(line);
        if (socket !== undefined) byInode.set(socket.inode, socket);
      }
    }
    const sockets: ListeningSocket[] = [];
    for (const pid of pids) {
      for (const inode of socketInodes(pid)) {
        const socket = byInode.get(inode);
        if (socket !== undefined) sockets.push({pid, host: socket.host, port: socket.port});
      }
    }
    return sockets;
  },
};

/** `pid (name) state ppid pgrp session …`; the name may hold spaces and parentheses itself. */
export function parseStat(stat: string): ProcessEntry {
  const nameEnd = stat.lastIndexOf(')');
  // Field 3 of proc(5), the state, comes first here, so field n is fields[n - 3].
  const fields = stat.slice(nameEnd + 2).split(' ');
  const state = fields[0] ?? '';
  return {
    pid: Number.parseInt(stat, 10),
    parentPid: Number(fields[1]),
    groupId: Number(fields[2]),
    sessionId: Number(fields[3]),
    startedAt: Number(fields[19]),
    isZombie: state === 'Z' || state === 'X',
  };
}

const STATE_LISTEN = '0A';

/** One line of /proc/net/tcp or tcp6; undefined unless it is a listening socket. */
export function parseListener(
  line: string,
): {host: string; port: number; inode: string} | undefined {
  const fields = line.trim().split(/\s+/);
  const [addressHex = '', portHex = ''] = fields[1]?.split(':') ?? [];
  if (fields[3] !== STATE_LISTEN) return undefined;
  return {
    host: parseAddress(addressHex),
    port: Number.parseInt(portHex, 16),
    inode: fields[9] ?? '',
  };
}

/** Addresses are printed as 32-bit words in the machine's byte order, taken as little-endian. */
function parseAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  // An IPv4 address on an IPv6 socket: ::ffff:a.b.c.d
  if (hex.startsWith('0000000000000000FFFF0000')) return bytes.subarray(12).join('.');
  return (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
}

function socketInodes(pid: number): string[] {
  const targets = openFiles(pid) ?? askAsOwner(pid, 'ls -l "/proc/$1/fd"')?.split('\n') ?? [];
  return targets.flatMap((target) => /\bsocket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

/** What its file descriptors lead to; undefined if that may not be read. */
function openFiles(pid: number): string[] | undefined {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((fd) => readLink(`${folder}/${fd}`));
  } catch {
    return undefined;
  }
}

/** Empty if it was closed since the folder was listed. @throws if it may not be read */
function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    // Root may list the folder even where it may not read the links.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    return '';
  }
}

const STAT_BUFFER = Buffer.allocUnsafeSlow(4_096);

/** A line that one read delivers: all processes are looked at for each crash, so calls count. */
function readStat(path: string): string | undefined {
  try {
    const fd = openSync(path, 'r');
    try {
      return STAT_BUFFER.toString('latin1', 0, readSync(fd, STAT_BUFFER));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** Undefined if the process has ended meanwhile or belongs to somebody else. */
function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
