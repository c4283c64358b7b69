export interface Sample {
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** The samples of one metric on one or more pages (Prometheus text format); values of labels as they are written. */
export function samplesOf(page: string, name: string): readonly Sample[] {
  return page
    .split('\n')
    .filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map(line => {
      const end = line.lastIndexOf(' ')
      const labels = [...line.slice(name.length, end).matchAll(LABEL)]
      return {
        labels: new Map(labels.map(([, label = '', value = '']) => [label, value])),
        value: Number(line.slice(end + 1)),
      }
    })
}

/** Sums the samples of one metric that have these labels, whatever their others. */
export function sumOf(page: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels)
  return samplesOf(page, name)
    .filter(sample => wanted.every(([label, value]) => sample.labels.get(label) === value))
    .reduce((total, { value }) => total + value, 0)
}
