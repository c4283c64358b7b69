/** Builds the bundles and the page into dist/. */
import { copyFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type BundleName, ensureBundle, ensureUi } from '../src/app/bundles.ts'

for (const name of ['sidecar', 'kiseki', 'control', 'osm'] satisfies BundleName[]) {
  const started = performance.now()
  const file = await ensureBundle(name)
  console.log(`${file} ${Math.round(performance.now() - started)} ms`)
}

// Other processes run them as they are.
const root = join(import.meta.dirname, '..')
for (const file of ['src/local/runner/reaper.mjs', 'src/local/runner/bind-hook.cjs'])
  await copyFile(join(root, file), join(root, 'dist', basename(file)))

console.log(await ensureUi())
