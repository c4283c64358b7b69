import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

const ENOUGH = {
  POD_IP: '127.5.6.7',
  POD_UID: 'u',
  POD_NAME: 'p',
  POD_NAMESPACE: 'n',
  CONTROL_PLANE_URL: 'http://127.0.0.1:15128',
}

describe('the settings', () => {
  it('have defaults for what need not be said', () => {
    expect(readSettings(ENOUGH)).toEqual({
      pod: { address: '127.5.6.7', uid: 'u', name: 'p', namespace: 'n' },
      controlPlaneUrl: 'http://127.0.0.1:15128',
      listenHost: '127.5.6.7',
      ports: { admin: 15000, outbound: 15001, inbound: 15003, metrics: 15010 },
      stateDir: undefined,
      drainMillis: 5000,
    })
  })

  it('take what is said', () => {
    const said = {
      SIDECAR_ADMIN_PORT: '0',
      SIDECAR_OUTBOUND_PORT: '1',
      SIDECAR_INBOUND_PORT: '2',
      SIDECAR_METRICS_PORT: '3',
      SIDECAR_STATE_DIR: '/state',
      SIDECAR_LISTEN_HOST: '0.0.0.0',
      SIDECAR_DRAIN_SECONDS: '0',
    }
    expect(readSettings({ ...ENOUGH, ...said })).toMatchObject({
      listenHost: '0.0.0.0',
      ports: { admin: 0, outbound: 1, inbound: 2, metrics: 3 },
      stateDir: '/state',
      drainMillis: 0,
    })
  })

  it.each([
    ['POD_IP', ''],
    ['POD_UID', undefined],
    ['CONTROL_PLANE_URL', 'localhost'],
    ['CONTROL_PLANE_URL', 'https://x'],
    ['SIDECAR_ADMIN_PORT', '65536'],
    ['SIDECAR_INBOUND_PORT', 'http'],
    ['SIDECAR_DRAIN_SECONDS', '1.5'],
  ])('name the variable that is wrong: %s=%s', (name, value) => {
    expect(() => readSettings({ ...ENOUGH, [name]: value })).toThrow(name)
  })
})
