// Tests run on the TypeScript sources as native ES modules; worker threads load the build (scripts/test.mjs builds first).
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/bin', '<rootDir>/core', '<rootDir>/collector', '<rootDir>/detector', '<rootDir>/console', '<rootDir>/rules', '<rootDir>/bench', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', {
      jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, useDefineForClassFields: false } },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    }],
  },
  testTimeout: 60_000,
};
