import { KubeConfig } from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { kubeConfigText } from './write-kubeconfig.ts'

describe('the text of a kubeconfig', () => {
  it('is understood by other clients', () => {
    const config = new KubeConfig()
    const server = 'https://127.0.0.1:6443'
    config.loadFromString(
      kubeConfigText({ name: 'kiseki', server, caPem: 'PEM\n', token: '12345', namespace: 'bank' }),
    )
    expect(config.getCurrentContext()).toBe('kiseki')
    expect(config.getContextObject('kiseki')).toMatchObject({
      cluster: 'kiseki',
      user: 'kiseki',
      namespace: 'bank',
    })
    expect(config.getCurrentUser()?.token).toBe('12345')
    expect(config.getCurrentCluster()).toMatchObject({
      server,
      caData: Buffer.from('PEM\n').toString('base64'),
    })
  })
})
