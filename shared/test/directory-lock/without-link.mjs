// Preloaded: makes link(2) fail as on a file system without hard links.
import fsPromises from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';

fsPromises.link = async () => {
  throw Object.assign(new Error('EPERM: operation not permitted, link'), {code: 'EPERM'});
};
syncBuiltinESMExports();
