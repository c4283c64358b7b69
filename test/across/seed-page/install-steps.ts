import { expect } from 'vitest'
import { lookAtThePage } from './forward.ts'
import { pageCommand } from './page-commands.ts'
import { type Step, tableOf, typed } from './story.ts'

const INSTALLED = 'OSM installed successfully in namespace [osm-system] with mesh name [osm]\n'

const TRACING = {
  address: 'jaeger.osm-system.svc.cluster.local',
  enable: true,
  endpoint: '/api/v2/spans',
  port: 9411,
  sampledFraction: '1.0',
}

export function installSteps(step: Step): void {
  bareInstallSteps(step)
  jaegerInstallSteps(step)
  jaegerSteps(step)
  patchSteps(step)
}

function bareInstallSteps(step: Step): void {
  step('osm install', async world => {
    expect(await typed(world, 'osm install')).toBe(INSTALLED)
  })
  step('kubectl get all -n osm-system: what runs, and no Jaeger', async world => {
    const printed = await typed(world, 'kubectl get all -n osm-system')
    for (const name of ['osm-controller', 'osm-injector']) {
      expect(printed).toMatch(new RegExp(`^pod/${name}-\\S+ +1/1 +Running +0 `, 'm'))
      expect(printed).toMatch(new RegExp(`^deployment.apps/${name} +1/1 +1 +1 `, 'm'))
      expect(printed).toMatch(new RegExp(`^service/${name} +ClusterIP `, 'm'))
    }
    expect(printed).not.toContain('jaeger')
  })
  step('by default tracing is off', async world => {
    const values = JSON.parse(await typed(world, pageCommand('the tracing values')))
    expect(values).toEqual({ ...TRACING, enable: false })
    expect(await typed(world, pageCommand('step 1'))).toBe('false\n')
  })
  step('osm install once more says that there is a mesh', async world => {
    const { code, stderr } = await world.type('osm install')
    expect(code).toBe(1)
    expect(stderr).toContain('Namespace osm-system already contains meshes [osm]')
    expect(stderr).toContain('osm uninstall mesh')
  })
  step('osm uninstall mesh: nothing runs any more', async world => {
    const printed = await typed(world, 'osm uninstall mesh --force')
    expect(printed).toBe('OSM [mesh name: osm] in namespace [osm-system] uninstalled\n')
    const { stdout, stderr } = await world.type('kubectl get all -n osm-system')
    expect(stdout + stderr).toBe('No resources found in osm-system namespace.\n')
  })
}

function jaegerInstallSteps(step: Step): void {
  step('osm install, a typing mistake in --set: the nearest value is named', async world => {
    for (const mistake of ['osm.tracing.enabled=true', 'tracing.enable=true']) {
      const { code, stderr } = await world.type(`osm install --set=osm.deployJaeger=true,${mistake}`)
      expect(code).toBe(2)
      expect(stderr).toContain('did you mean osm.tracing.enable?')
    }
  })
  step('osm install -f values.yaml --dry-run: the tracing section becomes the MeshConfig', async world => {
    const values = 'osm: {tracing: {enable: true, address: zipkin.example.com, sampledFraction: 0.5}}'
    const file = `"$HOME/values.yaml"`
    const printed = await typed(world, `echo '${values}' > ${file} && osm install -f ${file} --dry-run`)
    expect(printed).toMatch(
      /tracing:\n +enable: true\n +address: zipkin\.example\.com\n +port: 9411\n +endpoint: \/api\/v2\/spans\n +sampledFraction: "0\.5"/,
    )
    const { stderr } = await world.type('kubectl get meshconfig -n osm-system')
    expect(stderr).toBe('No resources found in osm-system namespace.\n')
  })
  step('osm install --set=osm.deployJaeger=true,osm.tracing.enable=true', async world => {
    expect(await typed(world, pageCommand('install with a Jaeger'))).toBe(INSTALLED)
  })
  step('the address is the one that is used', async world => {
    expect(JSON.parse(await typed(world, pageCommand('step 2')))).toEqual(TRACING)
    expect(await typed(world, pageCommand('step 1'))).toBe('true\n')
  })
}

/** What the page's steps 4 and 5 show of a Jaeger, whoever has deployed it in `osm-system`. */
export function jaegerSteps(step: Step): void {
  step('kubectl get services -n osm-system -l app=jaeger', async world => {
    const [headings, service, ...others] = tableOf(await typed(world, pageCommand('step 4, services')))
    expect(headings).toEqual(['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'])
    expect(service).toEqual([
      'jaeger',
      'ClusterIP',
      expect.stringMatching(/^127\.96\./),
      '<none>',
      '9411/TCP',
      expect.stringMatching(/^\d+[sm]/),
    ])
    expect(others).toEqual([])
  })
  step('kubectl get deployments -n osm-system -l app=jaeger', async world => {
    const [headings, deployment, ...others] = tableOf(await typed(world, pageCommand('step 4, deployments')))
    expect(headings).toEqual(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'])
    expect(deployment).toEqual(['jaeger', '1/1', '1', '1', expect.stringMatching(/^\d+[sm]/)])
    expect(others).toEqual([])
  })
  step('kubectl get pods -n osm-system -l app=jaeger', async world => {
    const [headings, pod, ...others] = tableOf(await typed(world, pageCommand('step 5, pods')))
    expect(headings).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'])
    const name = expect.stringMatching(/^jaeger-[a-z0-9]{8,10}-[a-z0-9]{5}$/)
    expect(pod).toEqual([name, '1/1', 'Running', '0', expect.stringMatching(/^\d+[sm]/)])
    expect(others).toEqual([])
  })
  step('kubectl describe pod -n osm-system -l app=jaeger: its limits and its events', async world => {
    const printed = await typed(world, pageCommand('step 5, describe'))
    expect(printed).toMatch(/^Name: +jaeger-/m)
    expect(printed).toMatch(/Image: +jaegertracing\/all-in-one$/m)
    expect(printed).toMatch(/Limits:\n +cpu: +500m\n +memory: +512M$/m)
    expect(printed).toMatch(/--collector\.zipkin\.host-port=9411$/m)
    const [, events = ''] = printed.split(/^Events:\n/m)
    expect(events).toMatch(/Normal +Started +\S+ +kubelet +Started container jaeger$/m)
  })
}

function patchSteps(step: Step): void {
  step('kubectl port-forward 16686:16686: the page and its API answer', async world => {
    const { html, services } = await lookAtThePage(world)
    expect(html).toContain('<title>Kiseki</title>')
    expect(services).toEqual([])
  })
  step('kubectl patch meshconfig: a mesh that runs is told to trace', async world => {
    const off = `{"spec":{"observability":{"tracing":{"enable":false}}}}`
    await typed(world, `kubectl patch meshconfig osm-mesh-config -n osm-system --type=merge -p '${off}'`)
    expect(await typed(world, pageCommand('step 1'))).toBe('false\n')
    expect(await typed(world, pageCommand('patch'))).toBe(
      'meshconfig.config.openservicemesh.io/osm-mesh-config patched\n',
    )
    expect(JSON.parse(await typed(world, pageCommand('the tracing values')))).toEqual(TRACING)
  })
  step('a value that cannot be is refused, with its field and what it must be', async world => {
    const bad = `{"spec":{"observability":{"tracing":{"address":"http://jaeger:9411"}}}}`
    const { code, stderr } = await world.type(
      `kubectl patch meshconfig osm-mesh-config -n osm-system --type=merge -p '${bad}'`,
    )
    expect(code).toBe(1)
    expect(stderr).toContain('spec.observability.tracing.address: must be a host name or an IP address alone')
    expect(JSON.parse(await typed(world, pageCommand('the tracing values')))).toEqual(TRACING)
  })
}
