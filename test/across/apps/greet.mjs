// Says at `/` which image it is and in which pod it runs; a stand-in for any server. `PORT` or 8080.
import { createServer } from 'node:http'
import { hostname } from 'node:os'

const [, , image = ''] = process.argv
const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ image, pod: process.env.HOSTNAME ?? hostname(), url: request.url }))
})
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST, () => console.log(`${image} listens`))
process.on('SIGTERM', () => server.close(() => process.exit(0)).closeIdleConnections())
