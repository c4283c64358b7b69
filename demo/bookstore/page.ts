export interface Figure {
  readonly label: string
  readonly value: number
}

export interface PageContent {
  readonly title: string
  readonly identity: string
  readonly figures: readonly Figure[]
  readonly now: Date
  /** Seconds between loads of the start page; absent where loading again would do something again. */
  readonly refreshSeconds?: number
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, found => ENTITIES[found] ?? found)

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; accent-color: #b4552d }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#f6f1ea, #1d1a17); color: light-dark(#2b2420, #eee6dc) }
main { padding: 2rem 2.5rem; border-radius: 1rem; background: light-dark(#fff, #2a2521);
  box-shadow: 0 1px 3px #0003, 0 8px 30px #0001; border-top: .4rem solid #b4552d }
h1 { margin: 0; font-size: 1.6rem }
p, footer { margin: 0; color: light-dark(#7a6e64, #a3978b); font-size: .9rem }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.5rem 0 }
dd { margin: 0; font-size: 2.6rem; line-height: 1.1; font-variant-numeric: tabular-nums }
dt { font-size: .9rem }
a { color: inherit }`

const figureHtml = ({ label, value }: Figure): string =>
  `<div><dt>${escaped(label)}</dt><dd>${value}</dd></div>`

/** A small page of counters. Its links are relative: it is also read through port-forwards and API server proxies. */
export const pageOf = ({
  title,
  identity,
  figures,
  now,
  refreshSeconds,
}: PageContent): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}; url=./">`}
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(identity)}</p>
<dl>${figures.map(figureHtml).join('')}</dl>
<footer><a href="reset">Reset</a> · <a href="raw">Raw</a> · ${now.toUTCString()}</footer>
</main>
</body>
</html>
`
