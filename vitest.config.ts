import type { ViteUserConfig } from 'vitest/config'

/**
 * `unit`: beside the code, opens a socket only where the socket is the subject.
 * `across`: across folders, with real processes. `browser`: needs Chromium (npm run test:browser).
 */
const config: ViteUserConfig = {
  test: {
    // Most tests wait for sockets and processes, so more of them than cores can run. CI has the time not to hurry.
    ...(process.env['CI'] === undefined ? { maxWorkers: 4 } : {}),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'demo/**/*.test.ts', 'scripts/**/*.test.ts'],
          // A guard against hanging, not a promise: the machine may be busy with other checks.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'across',
          include: ['test/across/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
}

export default config
