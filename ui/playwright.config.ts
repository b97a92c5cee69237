// How the journeys run in a real browser: as many at a time as there are keyrings for them.
import { defineConfig, devices } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  // Each test has a server, an engine and a folder of its own; the keyring is its worker's (stage.ts).
  workers: process.env['E2E_BUSES']?.split(' ').length ?? 1,
  fullyParallel: true,
  // What is wrong fails later so; what is right passes on a machine that does other things too.
  timeout: 240_000,
  expect: { timeout: 40_000 },
  reporter: 'list',
  outputDir: process.env['E2E_RESULTS'] ?? 'node_modules/.e2e',
  snapshotPathTemplate: '{testDir}/{arg}{ext}',
  updateSnapshots: process.env['UPDATE_FLOW'] ? 'all' : 'none',
  use: {
    ...devices['Pixel 7'],
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      // The distribution's own browser, so that nothing is downloaded.
      executablePath: process.env['E2E_CHROMIUM'] ?? '/usr/bin/chromium',
      // Root has no sandbox to go into.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
});
