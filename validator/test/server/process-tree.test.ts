import {describe, expect, it, vi} from 'vitest';
import {parseListener, parseStat} from '../../src/server/proc-table.ts';
import type {ListeningSocket, ProcessEntry, ProcessTable} from '../../src/server/process-table.ts';
import {ProcessTree} from '../../src/server/process-tree.ts';
import {parsePsLine} from '../../src/server/ps-table.ts';

const ROOT = 100;
const MARKER = 'KV_RUN_ID=x';

/** A process that has nothing to do with the tree, unless it is told otherwise. */
function entry(pid: number, changes: Partial<ProcessEntry> = {}): ProcessEntry {
  return {
    pid,
    parentPid: 1,
    groupId: pid,
    sessionId: pid,
    startedAt: 50,
    isZombie: false,
    ...changes,
  };
}

/** A tree on a machine whose processes the test makes up. */
function treeOn(machine: {
  processes: ProcessEntry[];
  marked?: readonly number[];
  listeners?: readonly ListeningSocket[];
}) {
  const table: ProcessTable = {
    startTolerance: 0,
    list: () => machine.processes,
    hasEnvironment: (pid, assignment) =>
      assignment === MARKER && (machine.marked ?? []).includes(pid),
    listeningSockets: (pids) => machine.listeners?.filter(({pid}) => pids.has(pid)),
  };
  const tree = new ProcessTree(ROOT, MARKER, table);
  return {tree, pids: () => tree.members().map(({pid}) => pid)};
}

const root = entry(ROOT, {parentPid: 2, groupId: ROOT, sessionId: ROOT});
const stranger = entry(900);

describe('ProcessTree.killListeners', () => {
  const processes = [root, entry(200), entry(201), entry(202, {startedAt: 49})];
  const on = (pid: number, port: number) => ({pid, host: '127.0.0.1', port});

  it('takes only who listens on the port and is younger than the server', () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    try {
      const {tree} = treeOn({processes, listeners: [on(200, 80), on(201, 81), on(202, 80)]});
      expect(tree.killListeners(80)).toEqual([200]);
      expect(kill.mock.calls).toEqual([[200, 'SIGKILL']]);
    } finally {
      kill.mockRestore();
    }
  });

  it('spares whoever has a parent, as no daemon of the server has', () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    try {
      const shell = entry(300, {startedAt: 1, parentPid: 301});
      const login = entry(301, {startedAt: 1});
      const grader = entry(process.pid, {startedAt: 1, parentPid: process.ppid});
      const reaper = entry(process.ppid, {startedAt: 1, parentPid: 1});
      const around = [root, shell, login, grader, reaper];
      const found = [
        entry(400, {parentPid: 300}),
        entry(401, {parentPid: 400}),
        entry(402, {parentPid: process.pid}),
        entry(500, {parentPid: 1}),
        entry(501, {parentPid: 500}),
        entry(502, {parentPid: process.ppid}),
      ];
      const listeners = found.map(({pid}) => on(pid, 80));
      const {tree} = treeOn({processes: [...around, ...found], listeners});
      expect(tree.killListeners(80)).toEqual([500, 501, 502]);
    } finally {
      kill.mockRestore();
    }
  });

  it('takes nobody where listeners cannot be found out', () => {
    expect(treeOn({processes}).tree.killListeners(80)).toEqual([]);
  });
});

describe('ProcessTree.members', () => {
  it('are found by group, session, ancestors and marker', () => {
    const machine = {
      processes: [
        stranger,
        // Listed before its parent.
        entry(104, {parentPid: 103}),
        entry(103, {parentPid: ROOT}),
        root,
        entry(101, {groupId: ROOT}),
        entry(102, {sessionId: ROOT}),
        entry(105),
        entry(106, {parentPid: 105}),
      ],
      marked: [105],
    };
    const {pids} = treeOn(machine);
    expect(new Set(pids())).toEqual(new Set([100, 101, 102, 103, 104, 105, 106]));
  });

  it('stay members when they leave their group and their parents die', () => {
    const machine = {processes: [root, entry(101, {parentPid: ROOT})]};
    const {tree, pids} = treeOn(machine);
    pids();
    machine.processes = [entry(101), stranger];
    tree.rootEnded();
    expect(pids()).toEqual([101]);
  });

  it('are not those who got the pid of a member that died', () => {
    const machine = {processes: [root, entry(101, {parentPid: ROOT})]};
    const {pids} = treeOn(machine);
    pids();
    machine.processes = [root, entry(101, {startedAt: 60}), stranger];
    expect(pids()).toEqual([ROOT]);
  });

  it('are not those who got the number of the group once the root is gone', () => {
    const machine = {processes: [root, entry(101, {groupId: ROOT})]};
    const {tree, pids} = treeOn(machine);
    machine.processes = [entry(101, {groupId: ROOT})];
    tree.rootEnded();
    machine.processes = [
      entry(101, {groupId: ROOT}),
      entry(ROOT, {startedAt: 70}),
      entry(107, {startedAt: 71, groupId: ROOT, sessionId: ROOT}),
    ];
    expect(pids()).toEqual([101]);
  });

  it('are not those who were there before', () => {
    const older = entry(99, {groupId: ROOT, startedAt: 49});
    expect(treeOn({processes: [root, older]}).pids()).toEqual([ROOT]);
  });

  it('are not the dead', () => {
    const machine = {processes: [root, entry(101, {parentPid: ROOT, isZombie: true})]};
    expect(treeOn(machine).pids()).toEqual([ROOT]);
  });
});

describe('what the system prints', () => {
  it('/proc/<pid>/stat, with a name that has spaces and parentheses', () => {
    const stat =
      '42 (a) R (b) Z 7 40 39 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 123456 0 0 18446744073709551615';
    expect(parseStat(stat)).toEqual({
      pid: 42,
      parentPid: 7,
      groupId: 40,
      sessionId: 39,
      startedAt: 123456,
      isZombie: true,
    });
  });

  it.for([
    {
      line: '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 77 1',
      listener: {host: '127.0.0.1', port: 8080, inode: '77'},
    },
    {
      line: '   1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 78',
      listener: {host: '::1', port: 8081, inode: '78'},
    },
    {
      line: '   2: 00000000000000000000000000000000:1F92 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 79',
      listener: {host: '::', port: 8082, inode: '79'},
    },
    {
      line: '   3: 0000000000000000FFFF00000100007F:1F93 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 80',
      listener: {host: '127.0.0.1', port: 8083, inode: '80'},
    },
    {
      line: '   4: 0100007F:1F94 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 81 1',
      listener: undefined,
    },
    {line: '', listener: undefined},
  ])('/proc/net/tcp: $listener', ({line, listener}) => {
    expect(parseListener(line)).toEqual(listener);
  });

  it('ps', () => {
    expect(parsePsLine('  42     7    40 S+   Sat Nov 21 10:57:03 2026    ', 41)).toEqual({
      pid: 42,
      parentPid: 7,
      groupId: 40,
      sessionId: 0,
      startedAt: Date.parse('2026-11-21 10:57:03'),
      isZombie: false,
    });
    expect(parsePsLine('42 7 40 R Sat Nov 21 10:57:03 2026', 42)).toBeUndefined();
    expect(parsePsLine('', 42)).toBeUndefined();
  });
});
