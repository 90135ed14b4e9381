// Loads modules of the page that need no browser, as node understands no TypeScript yet: bundled first.
import * as esbuild from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** All that these files export, in one object: `await load('time/axis.ts', 'story.ts')`. */
export async function load(...files) {
  const contents = files.map((file) => `export * from './${file}';`).join('\n');
  const result = await esbuild.build({
    stdin: { contents, resolveDir: source, loader: 'ts' }, bundle: true, format: 'esm', write: false, logLevel: 'error',
    loader: { '.css': 'empty' },
  });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString('base64')}`);
}
