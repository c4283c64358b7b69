import { describe, expect, it } from 'vitest'
import { PODS, SERVICE_ACCOUNTS } from '../../kube/resources.ts'
import { createLocalKubernetes } from '../kubernetes.ts'
import { createServiceAccountTokens } from './service-account-tokens.ts'

const START = Date.parse('2026-01-02T03:04:05Z') * 1000
const HOUR = 3_600_000_000
const metadata = { name: 'robot', namespace: 'default' }

function world(key = 1) {
  let micros = START
  const now = () => micros
  const { store } = createLocalKubernetes({ now })
  const { uid = '' } = store.create(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
  }).metadata
  const tokens = createServiceAccountTokens({ key: new Uint8Array(32).fill(key), store, now })
  return { store, tokens, account: { ...metadata, uid }, pass: (passed: number) => (micros += passed) }
}

describe('tokens of ServiceAccounts', () => {
  it('say whose they are, until they are too old', async () => {
    const { tokens, account, pass } = world()
    const token = await tokens.issue({ account, seconds: 3600 })
    expect(await tokens.verify(token)).toMatchObject({
      user: {
        username: 'system:serviceaccount:default:robot',
        uid: account.uid,
        groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      },
    })
    pass(HOUR + 1_000_000)
    expect(await tokens.verify(token)).toBeUndefined()
  })

  it('end with their account, and are not those of another one with its name', async () => {
    const { store, tokens, account } = world()
    const token = await tokens.issue({ account, seconds: 3600 })
    store.remove(SERVICE_ACCOUNTS, account)
    expect(await tokens.verify(token)).toBeUndefined()
    store.create(SERVICE_ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
    expect(await tokens.verify(token)).toBeUndefined()
  })

  it('end with the pod that they are for', async () => {
    const { store, tokens, account } = world()
    const spec = { containers: [{ name: 'a', image: 'i' }] }
    const pod = store.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec }).metadata
    const token = await tokens.issue({ account, pod: { name: pod.name, uid: pod.uid ?? '' }, seconds: 3600 })
    expect(await tokens.verify(token)).toBeDefined()
    store.remove(PODS, metadata, { gracePeriodSeconds: 0 })
    expect(await tokens.verify(token)).toBeUndefined()
  })

  it('are only for whom they name', async () => {
    const { tokens, account } = world()
    const token = await tokens.issue({ account, seconds: 3600, audiences: ['vault', 'shop'] })
    expect(await tokens.verify(token)).toBeUndefined()
    expect((await tokens.verify(token, ['shop', 'other']))?.audiences).toEqual(['shop'])
  })

  it('of another key are none', async () => {
    const { tokens, account } = world()
    const stranger = world(2)
    expect(await tokens.verify(await stranger.tokens.issue({ account, seconds: 3600 }))).toBeUndefined()
    expect(await tokens.verify('nonsense')).toBeUndefined()
  })
})
