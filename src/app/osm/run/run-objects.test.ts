import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandVariables } from '../../../local/runner/variable-expansion.ts'
import { type RunSpec, runDeployment, runPod, runService } from './run-objects.ts'

const run: RunSpec = {
  name: 'hello',
  namespace: 'apps',
  port: 8080,
  command: ['/bin/app', '--flag'],
  workingDir: '/work',
  environment: { A: '1' },
}

describe('the objects of a run', () => {
  it('have the command as it was typed, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '(', ')', 'A', ' ') }), text => {
        const spec = runPod({ ...run, command: ['/bin/app', text], environment: { A: text } }).spec
        const [container] = spec.containers
        const known = new Map([['A', 'replaced']])
        expect(expandVariables(container?.command?.[1] ?? '', known)).toBe(text)
        expect(expandVariables(container?.env?.[0]?.value ?? '', known)).toBe(text)
      }),
    )
  })

  it('are a pod that runs once, or a Deployment, and a Service that leads to either', () => {
    expect(runPod(run)).toMatchObject({
      metadata: { name: 'hello', namespace: 'apps' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'hello', workingDir: '/work' }] },
    })
    const { selector } = runService(run).spec
    expect(runPod(run).metadata.labels).toMatchObject(selector ?? {})
    const { spec } = runDeployment(run)
    expect(spec.template.metadata?.labels).toMatchObject(selector ?? {})
    expect(spec.template.spec.restartPolicy).toBeUndefined()
    expect(runService(run).spec.ports).toEqual([
      { name: 'http', port: 8080, targetPort: 8080, appProtocol: 'http' },
    ])
  })
})
