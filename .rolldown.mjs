import { defineConfig } from 'rolldown';

/**
 * The program in a few files, with what it depends on: to find and to open a few hundred takes longer than a small hunt.
 * What is bundled lies as deep as its sources, so that both find what comes with them (`src/value/home.ts`). Dependencies
 * stay dependencies all the same: so their licences come with them.
 */
export default defineConfig({
  input: Object.fromEntries(
    ['cli/main', 'pipeline/worker', 'input/unpacker', 'rule/build'].map(name => [name, `src/${name}.ts`]),
  ),
  platform: 'node',
  // It looks for its own native part where it lies.
  external: ['libsql'],
  output: { dir: 'dist', entryFileNames: '[name].js', chunkFileNames: 'parts/[name].js', cleanDir: true },
});
