import { describe, expect, it } from 'vitest'
import { DEFAULT_DEMO_SETTINGS, parseDemoSettings } from './demo-settings.ts'

const parse = (text: string) => parseDemoSettings(text, '.env')

describe('the .env file of the demo', () => {
  it('deploys a Jaeger unless told otherwise', () => {
    expect(parse('')).toEqual(DEFAULT_DEMO_SETTINGS)
    expect(parse('DEPLOY_JAEGER=\nMESH_NAME=')).toEqual(DEFAULT_DEMO_SETTINGS)
    expect(parse('DEPLOY_JAEGER=true').deployJaeger).toBe(true)
    expect(parse('export DEPLOY_JAEGER="False" # our own').deployJaeger).toBe(false)
  })

  it('names the mesh and its namespace, and leaves what is not for it', () => {
    const text = "# comment\nCTR_REGISTRY=x\nK8S_NAMESPACE=mesh-1\n\nMESH_NAME='my-mesh'\n"
    expect(parse(text)).toEqual({ deployJaeger: true, meshName: 'my-mesh', meshNamespace: 'mesh-1' })
  })

  it.each(['DEPLOY_JAEGER=maybe', 'K8S_NAMESPACE=A_b', 'MESH_NAME=-x'])('refuses %s', line => {
    expect(() => parse(line)).toThrow(`${line} in .env: it takes`)
  })
})
