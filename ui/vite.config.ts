// How the screens are bundled and tested.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // Relative addresses open under tauri://localhost and under any loopback port.
  base: './',
  build: {
    target: ['es2022', 'safari16', 'chrome105'],
    cssCodeSplit: false,
    modulePreload: false,
    // The content policy allows files of our own, not styles or scripts in data: addresses.
    assetsInlineLimit: 0,
  },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'], setupFiles: ['vitest.setup.ts'], restoreMocks: true },
});
