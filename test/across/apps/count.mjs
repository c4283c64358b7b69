// Makes as many requests as it is told, some at a time, says how many were answered, and waits to be ended.
const [url, total, atOnce] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
let asked = 0
let answered = 0

async function worker() {
  while (asked < total) {
    asked++
    const response = await fetch(url, { method: 'POST', body: 'x'.repeat(asked) })
    if (response.status === 200) answered++
    await response.text()
  }
}

await Promise.all(Array.from({ length: atOnce }, worker))
console.log(`answered ${answered} of ${asked}`)
const forever = setInterval(() => undefined, 1 << 30)
process.on('SIGTERM', () => clearInterval(forever))
