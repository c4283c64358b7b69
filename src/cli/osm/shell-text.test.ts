import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellText } from './shell-text.ts'

describe('shellText', () => {
  it('leaves paths alone', () => {
    expect(shellText('/home/me/.local/state/kiseki/mesh/kubeconfig')).toBe(
      '/home/me/.local/state/kiseki/mesh/kubeconfig',
    )
  })

  it('is read by a shell as it was', () => {
    const texts = fc.sample(
      fc.string().filter(text => !text.includes('\0')),
      50,
    )
    const script = `printf '%s\\0' ${[...texts, "it's", '$(date) `x`'].map(shellText).join(' ')}`
    const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
    expect(read.split('\0').slice(0, -1)).toEqual([...texts, "it's", '$(date) `x`'])
  })
})
