/**
 * Tests are TypeScript, of which swc only strips the types; what they import of src/ is what was built of it.
 * @type {import('jest').Config}
 */
export default {
  testEnvironment: '<rootDir>/test/environment.js',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^portcullis$': '<rootDir>/dist/index.js',
    '^portcullis/testing$': '<rootDir>/dist/testing/index.js',
    '^portcullis/policy$': '<rootDir>/dist/policy/library.js',
    '^(?:\\.\\./)+src/(.+)\\.ts$': '<rootDir>/dist/$1.js',
  },
  globalSetup: '<rootDir>/test/prepare-run.js',
  globalTeardown: '<rootDir>/test/store/drop-templates.js',
  // The long counts (`npm run test:long`) take the time they take.
  testTimeout: (process.env.PORTCULLIS_LONG ?? '') === '' ? 30_000 : 1_800_000,
};
