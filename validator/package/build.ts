/** What `pnpm pack` runs first. */
import {buildPackage} from './build-package.ts';

await buildPackage();
