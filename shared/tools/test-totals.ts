import {printTestTotals} from './check/test-totals.ts';
import {ROOT, runTool} from './tool.ts';

await runTool((_, terminal) => printTestTotals(ROOT, terminal));
