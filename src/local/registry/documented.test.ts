import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { BUILT_IN_RESOURCES } from './built-in-resources.ts'

it('the documentation names every kind that is served, and says of which nothing becomes', async () => {
  const page = await readFile(new URL('../../../docs/kubernetes-api.md', import.meta.url), 'utf8')
  const [served = '', not = ''] = page.split('## What is not')
  const [refused = ''] = not.split('**Not there (404)**')
  const asked = BUILT_IN_RESOURCES.filter(({ kind }) => !kind.endsWith('Review'))
  for (const { kind, unsupported } of asked)
    expect(unsupported === undefined ? served : refused).toMatch(new RegExp(`\\b${kind}\\b`))
})
