import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'coverage/', 'data/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      // Kernels index typed arrays with bounds in view; elsewhere undefined is handled (docs: style, section 5).
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs', 'scripts/**', 'benchmarks/**', 'test/**'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        module: 'writable',
      },
    },
    rules: { 'no-console': 'off' },
  },
  {
    // The pure core: no Node, no threads; the same code runs in a browser.
    files: ['src/geo/**', 'src/radio/**', 'src/coverage/**', 'src/solve/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'piscina', 'fs', 'path'],
              message: 'geo, radio, coverage and solve know no Node.',
            },
            {
              group: ['**/parallel/**', '**/cli/**', '**/report/**'],
              message: 'Imports point one way (docs/algorithms.md).',
            },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer'],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use src/random.ts: same seed, same bytes.' },
      ],
    },
  },
);
