/** Builds the bundles and the page into dist/. */
import { type BundleName, ensureBundle, ensureUi } from '../src/app/bundles.ts'

for (const name of ['sidecar', 'kiseki', 'control', 'osm'] satisfies BundleName[]) {
  const started = performance.now()
  const file = await ensureBundle(name)
  console.log(`${file} ${Math.round(performance.now() - started)} ms`)
}
console.log(await ensureUi())
