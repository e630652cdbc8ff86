import {defineConfig} from 'vitest/config';

// unit: fast, in process, one shared environment. e2e: real servers, real
// processes, one file at a time so that they do not compete for the machine.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{weeks/*,shared,validator,fixtures}/test/**/*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**'],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{weeks/*,shared,validator,fixtures}/test/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
