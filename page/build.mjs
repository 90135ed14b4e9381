// Bundles the page into one file of HTML: build/page/index.html. `--watch` builds again after each change.
import * as esbuild from 'esbuild';
import { gzipSync } from 'node:zlib';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.env.PAGE_OUT ?? join(here, '..', 'build', 'page', 'index.html');
// The page stays small enough to be a part of the program and to open at once on a class's network.
const limit = 150 * 1024;

/** Puts script and styles into the frame of HTML; `</script` inside a text would end the script. */
function assemble(script, styles) {
  const frame = readFileSync(join(here, 'src', 'index.html'), 'utf8');
  const safe = script.replaceAll('</script', '<\\/script');
  return frame.replace('/*STYLES*/', () => styles).replace('/*SCRIPT*/', () => safe);
}

function write(result) {
  const text = (ending) => result.outputFiles.filter((f) => f.path.endsWith(ending)).map((f) => f.text).join('\n');
  const html = assemble(text('.js'), text('.css'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, html);
  const packed = gzipSync(html, { level: 9 }).length;
  console.log(`${target}: ${html.length} bytes, ${packed} compressed`);
  if (packed > limit) {
    console.error(`the page must stay under ${limit} bytes compressed`);
    process.exitCode = 1;
  }
}

const options = {
  entryPoints: [join(here, 'src', 'main.ts')],
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: !process.argv.includes('--debug'),
  write: false,
  outdir: 'out',
  charset: 'utf8',
  legalComments: 'none',
  plugins: [{ name: 'write', setup: (build) => build.onEnd((r) => { if (!r.errors.length) write(r); }) }],
};

if (process.argv.includes('--watch')) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
