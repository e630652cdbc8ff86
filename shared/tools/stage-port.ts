import {stagePort} from './stage/port-command.ts';
import {ROOT, runTool} from './tool.ts';

await runTool((args, terminal) => stagePort(args, terminal, ROOT));
