import type {Mutant} from './mutant.ts';
import {WEEK_01} from './week-01.ts';
import {WEEK_02} from './week-02.ts';
import {WEEK_03} from './week-03.ts';
import {WEEK_04} from './week-04.ts';
import {WEEK_05} from './week-05.ts';
import {WEEK_06} from './week-06.ts';
import {WEEK_07} from './week-07.ts';
import {WEEK_08} from './week-08.ts';

export const MUTANTS: readonly Mutant[] = [
  ...WEEK_01,
  ...WEEK_02,
  ...WEEK_03,
  ...WEEK_04,
  ...WEEK_05,
  ...WEEK_06,
  ...WEEK_07,
  ...WEEK_08,
];
