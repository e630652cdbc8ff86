import {stageCheck} from './stage/check-command.ts';
import {stages} from './stages.ts';
import {ROOT, runTool} from './tool.ts';

await runTool((args, terminal) => stageCheck(args, terminal, {root: ROOT, stages}));
