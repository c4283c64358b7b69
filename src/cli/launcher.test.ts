import { describe, expect, it } from 'vitest'
import { ancestors } from './launcher.ts'

const NODE = '/usr/bin/node'
const env = { npm_node_execpath: NODE }

describe('who must stay for a script of npm to go on', () => {
  it('is npm behind its shell', () => {
    const at = (npm: string) => ancestors(20, env, { parentOf: () => npm, programOf: () => '/bin/dash' })
    expect(at('10')).toBe(at('10'))
    expect(at('10')).not.toBe(at('1'))
  })

  it('is npm alone where the shell gave its process to the script', () => {
    const at = (shell: string) => ancestors(10, env, { parentOf: () => shell, programOf: () => NODE })
    expect(at('5')).toBe(at('1'))
  })

  it('is the parent where the system tells nothing', () => {
    const silent = { parentOf: () => '', programOf: () => '' }
    expect(ancestors(20, {}, silent)).not.toBe(ancestors(1, {}, silent))
  })
})
