import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { lookAtThePage } from './forward.ts'
import { jaegerSteps } from './install-steps.ts'
import { pageCommand } from './page-commands.ts'
import { eventually, podOf, type Step, tableOf, typed } from './story.ts'
import type { World } from './world.ts'

const APPS = ['bookbuyer', 'bookstore-v1', 'bookstore-v2', 'bookthief', 'bookwarehouse']
const ADDRESS = 'jaeger.osm-system.svc.cluster.local'
const ELSEWHERE = 'jaeger.tools.svc.cluster.local'

export function bringYourOwnSteps(step: Step): void {
  installStep(step)
  demoSteps(step)
  jaegerOfOnesOwnSteps(step)
  troubleshootingSteps(step)
  jaegerSteps(step)
  otherNamespaceSteps(step)
  switchSteps(step)
}

function installStep(step: Step): void {
  step(
    'osm install --set osm.tracing.enable=true,osm.tracing.address=…: exactly these values',
    async world => {
      await typed(world, 'osm uninstall mesh --force')
      const put = {
        '<tracing server hostname>': 'zipkin.example.com',
        '<tracing server port>': '9412',
        '<tracing server endpoint>': '/spans',
      }
      await typed(world, pageCommand("install with a Jaeger of one's own", put))
      expect(JSON.parse(await typed(world, pageCommand('the tracing values')))).toEqual({
        address: 'zipkin.example.com',
        enable: true,
        endpoint: '/spans',
        port: 9412,
        sampledFraction: '1.0',
      })
      const jaeger = await world.type('kubectl get all -n osm-system -l app=jaeger')
      expect(jaeger.stderr).toBe('No resources found in osm-system namespace.\n')
    },
  )
}

function demoSteps(step: Step): void {
  step('kubectl apply -f demo/bookstore/k8s: the demo', async world => {
    const printed = await typed(world, 'kubectl apply -f demo/bookstore/k8s')
    for (const line of printed.trimEnd().split('\n')) expect(line).toMatch(/ created$/)
    for (const app of APPS) {
      const namespace = app.replace(/-v\d$/, '')
      await typed(world, `kubectl rollout status deployment/${app} -n ${namespace} --timeout=60s`)
    }
  })
  step('kubectl get pods: each app beside its sidecar', async world => {
    for (const namespace of new Set(APPS.map(app => app.replace(/-v\d$/, '')))) {
      const rows = tableOf(await typed(world, `kubectl get pods -n ${namespace} --no-headers`))
      for (const row of rows) expect(row.slice(1, 4)).toEqual(['2/2', 'Running', '0'])
    }
  })
}

function jaegerOfOnesOwnSteps(step: Step): void {
  step('kubectl apply -f - <<EOF: the Service of Jaeger', async world => {
    expect(await typed(world, pageCommand('the Service of Jaeger'))).toBe('service/jaeger created\n')
  })
  step('kubectl apply -f - <<EOF: the Deployment of Jaeger', async world => {
    expect(await typed(world, pageCommand('the Deployment of Jaeger'))).toBe(
      'deployment.apps/jaeger created\n',
    )
    await typed(world, 'kubectl rollout status deployment/jaeger -n osm-system --timeout=60s')
  })
  step('kubectl patch meshconfig: spans go to that Jaeger', async world => {
    expect(await typed(world, pageCommand('patch of the example'))).toBe(
      'meshconfig.config.openservicemesh.io/osm-mesh-config patched\n',
    )
  })
  step('kubectl port-forward 16686:16686: the apps of the demo are there', async world => {
    const { html, services } = await lookAtThePage(world, { until: APPS })
    expect(html).toContain('<title>Kiseki</title>')
    expect(services).toEqual(APPS)
  })
  step('kubectl logs "${POD}" -c bookbuyer --tail=100 -f: MAESTRO! THIS TEST SUCCEEDED!', async world => {
    const log = world.start(pageCommand('follow the log'))
    await log.prints('MAESTRO! THIS TEST SUCCEEDED!')
    await log.end()
  })
}

/** As the page shows them, without the brackets that close them. */
const EXCERPT = [
  '"name": "pipy-tracing-cluster",',
  '"type": "LOGICAL_DNS",',
  '"connect_timeout": "1s",',
  '"alt_stat_name": "pipy-tracing-cluster",',
  '"load_assignment": {',
  '"cluster_name": "pipy-tracing-cluster",',
  '"endpoints": [',
  '{',
  '"lb_endpoints": [',
  '{',
  '"endpoint": {',
  '"address": {',
  '"socket_address": {',
  `"address": "${ADDRESS}",`,
  '"port_value": 9411',
].join('\n')

function troubleshootingSteps(step: Step): void {
  step('1. tracing is on', async world => {
    expect(await typed(world, pageCommand('step 1'))).toBe('true\n')
  })
  step('2. the values are as expected', async world => {
    const values = JSON.parse(await typed(world, pageCommand('step 2')))
    expect(values).toMatchObject({ address: ADDRESS, port: 9411, endpoint: '/api/v2/spans' })
  })
  step('3. osm proxy get config_dump: the values that are used', async world => {
    const dump = await configDump(world, await podOf(world, 'bookbuyer', 'bookbuyer'))
    const lines = dump.split('\n').map(line => line.trim())
    expect(lines.join('\n')).toContain(EXCERPT)
    expect(dump).not.toContain('PRIVATE KEY')
    expect(() => JSON.parse(dump)).not.toThrow()
  })
}

async function configDump(world: World, pod: string): Promise<string> {
  const file = join(world.folder, 'config_dump')
  const put = { '<pod-namespace>': 'bookbuyer', '<pod-name>': pod, '<file-name>': `"${file}"` }
  expect(await typed(world, pageCommand('step 3', put))).toBe('')
  return readFile(file, 'utf8')
}

/** "If you want Jaeger in another namespace, replace it below." */
function otherNamespaceSteps(step: Step): void {
  step('the same in another namespace: both heredocs and the patch', async world => {
    await typed(world, 'kubectl create namespace tools')
    const put = { 'namespace: osm-system': 'namespace: tools' }
    await typed(world, pageCommand('the Service of Jaeger', put))
    await typed(world, pageCommand('the Deployment of Jaeger', put))
    await typed(world, 'kubectl rollout status deployment/jaeger -n tools --timeout=60s')
    await typed(world, pageCommand('patch of the example', { [ADDRESS]: ELSEWHERE }))
  })
  step('its page has the apps, and the sidecars its address', async world => {
    const { services } = await lookAtThePage(world, { namespace: 'tools', until: APPS })
    expect(services).toEqual(APPS)
    const pod = await podOf(world, 'bookbuyer', 'bookbuyer')
    const dump = await configDump(world, pod)
    expect(dump).toMatch(new RegExp(`"address": "${ELSEWHERE}",\\s+"port_value": 9411`))
    expect(dump).not.toContain(`"address": "${ADDRESS}"`)
  })
}

function switchSteps(step: Step): void {
  step('kubectl edit meshconfig: off, and nothing is sent any more', async world => {
    const editor = `KUBE_EDITOR="sed -i 's/enable: true/enable: false/'"`
    await typed(world, `${editor} kubectl edit meshconfig osm-mesh-config -n osm-system`)
    expect(await typed(world, pageCommand('step 1'))).toBe('false\n')
    const pod = await podOf(world, 'bookbuyer', 'bookbuyer')
    const look = `osm proxy get config_dump -n bookbuyer ${pod}`
    await eventually(world, look, /^(?![\s\S]*pipy-tracing-cluster)[\s\S]*configs/)
  })
  step('and on again, without a restart of any pod', async world => {
    await typed(world, pageCommand('patch of the example'))
    const pod = await podOf(world, 'bookbuyer', 'bookbuyer')
    await eventually(
      world,
      `osm proxy get config_dump -n bookbuyer ${pod}`,
      /"address": "jaeger\.osm-system\./,
    )
    const rows = tableOf(await typed(world, 'kubectl get pods -n bookbuyer --no-headers'))
    expect(rows.map(([name, ready, , restarts]) => [name, ready, restarts])).toEqual([[pod, '2/2', '0']])
  })
}
