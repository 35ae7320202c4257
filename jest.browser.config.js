import base from './jest.config.js';

/** The tests that drive the built server in a real Chromium. @type {import('jest').Config} */
export default { ...base, testMatch: ['<rootDir>/test/e2e/**/*.browser.ts'], testTimeout: 120_000 };
