import { generateSample, type Manifest } from '../sample/index.ts';
import type { Output } from './output.ts';

/** Writes a sample, with a live line while it grows. */
export async function writeSample(
  output: Output,
  options: { readonly out: string; readonly rows: number; readonly seed: number; readonly dirt: number },
): Promise<Manifest> {
  const { out, rows, seed, dirt } = options;
  let shown = 0;
  const manifest = await generateSample({
    out,
    rows,
    seed,
    dirt,
    onProgress: ({ dataset, records, of }) => {
      if (!output.live || (performance.now() - shown < 100 && records < of)) return;
      shown = performance.now();
      output.rewrite(`  … ${dataset}  ${records} of ${of} records`);
    },
  });
  output.rewrite();
  return manifest;
}
