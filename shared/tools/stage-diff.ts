import {stageDiff} from './stage/diff-command.ts';
import {stages} from './stages.ts';
import {ROOT, runTool} from './tool.ts';

await runTool((args, terminal) => stageDiff(args, terminal, {root: ROOT, stages}));
