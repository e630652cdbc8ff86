import {GraderError, ServerFailure} from '../errors.ts';
import type {Address} from '../server/server.ts';

/** What this machine runs out of; never the server's doing. */
const MACHINE_TROUBLE: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'has no free port for a further connection',
  EMFILE: 'lets this process open no further files or connections',
  ENFILE: 'has too many files open',
  ENOBUFS: 'has no memory for a further connection',
  ENOMEM: 'has no memory for a further connection',
};

/** Undefined unless the error is about this machine. */
export function machineTrouble(
  error: NodeJS.ErrnoException,
  connectionsOpened: number,
): GraderError | undefined {
  const trouble = MACHINE_TROUBLE[error.code ?? ''];
  if (trouble === undefined) return undefined;
  return new GraderError(
    `this machine ${trouble} (${error.code}) after ${connectionsOpened} of this run; close other programs or wait a minute, then try again`,
    {cause: error},
  );
}

/** The failure behind an error while connecting. */
export function connectFailure(error: NodeJS.ErrnoException, address: Address): ServerFailure {
  const where = `${address.host}:${address.port}`;
  if (error.code === 'ECONNREFUSED') {
    return new ServerFailure('refused', `nothing accepts connections on ${where}`);
  }
  if (error.code === 'ETIMEDOUT') {
    return new ServerFailure('hang', `${where} does not accept the connection`);
  }
  return new ServerFailure(
    'connection-closed',
    `the connection to ${where} was broken off while it was being opened (${error.code ?? error.message})`,
  );
}
