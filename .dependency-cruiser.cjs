// The law of the house (ARCHITECTURE.md): who may import whom. Written once, as a table; every rule comes from it.
const may = {
  model: [],
  wire: ['model'],
  trace: ['model'],
  mesh: ['model'],
  runtime: ['model'],
  kube: ['model', 'runtime'],
  storage: ['model', 'trace', 'wire', 'runtime'],
  client: ['model', 'wire'],
  sidecar: ['model', 'wire', 'mesh', 'runtime'],
  control: ['model', 'wire', 'mesh', 'runtime', 'kube'],
  local: ['model', 'mesh', 'runtime', 'kube'],
  collector: ['model', 'wire', 'runtime', 'storage'],
  query: ['model', 'wire', 'trace', 'runtime', 'storage'],
  app: [
    'model',
    'wire',
    'trace',
    'mesh',
    'runtime',
    'kube',
    'storage',
    'client',
    'sidecar',
    'control',
    'local',
    'collector',
    'query',
  ],
  cli: ['app', 'client', 'kube', 'model', 'mesh', 'runtime'],
  ui: ['model', 'wire', 'trace', 'client'],
}

/** Walls that hold through a third as well. */
const neverReaches = {
  sidecar: ['storage', 'kube', 'control', 'local', 'query', 'ui'],
  control: ['storage'],
}

const tests = '[.](test|contract)[.]tsx?$'
const own = folder => ({ path: `^src/${folder}/`, pathNot: tests })

const layers = Object.entries(may).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-${allowed.join('+') || 'itself'}`,
  severity: 'error',
  from: own(folder),
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}))

const walls = Object.entries(neverReaches).map(([folder, targets]) => ({
  name: `${folder}-never-reaches-${targets.join('+')}`,
  severity: 'error',
  from: own(folder),
  to: { path: `^src/(${targets.join('|')})/`, reachable: true },
}))

/** Only the contract files of storage are open to collector and query; the engines are wired in app/. */
const engines = ['collector', 'query'].map(folder => ({
  name: `${folder}-never-reaches-a-storage-engine`,
  severity: 'error',
  from: own(folder),
  to: { path: '^src/storage/[^/]+/', reachable: true },
}))

const pure = ['model', 'wire', 'trace', 'mesh', 'client', 'ui'].map(folder => ({
  name: `${folder}-never-reaches-node`,
  severity: 'error',
  from: own(folder),
  to: { dependencyTypes: ['core'], reachable: true },
}))

module.exports = {
  forbidden: [
    ...layers,
    ...walls,
    ...engines,
    ...pure.map(rule => ({
      ...rule,
      to: {
        path: '^(node:)?(fs|net|http|https|http2|os|path|child_process|process|buffer|crypto|stream|zlib|url|util|events|worker_threads|dns|tls|timers|perf_hooks)(/|$)',
        reachable: true,
      },
    })),
    {
      name: 'demo-knows-nothing-of-ours',
      severity: 'error',
      from: { path: '^demo/' },
      to: { path: '^(src|test|bench|scripts)/' },
    },
    {
      name: 'the-product-knows-nothing-of-the-demo',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(demo|test|bench|scripts)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'imports-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/ui/.*[.]css$' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
