/** Tests run the TypeScript sources as ES modules; swc only strips the types. @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^portcullis$': '<rootDir>/src/index.ts',
    '^portcullis/testing$': '<rootDir>/src/testing/index.ts',
  },
  globalSetup: '<rootDir>/test/build-when-stale.js',
  globalTeardown: '<rootDir>/test/store/drop-templates.js',
  // The long counts (`npm run test:long`) take the time they take.
  testTimeout: (process.env.PORTCULLIS_LONG ?? '') === '' ? 30_000 : 1_800_000,
};
