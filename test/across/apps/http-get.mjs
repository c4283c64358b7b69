// A request a moment, by Node's http.get.
import { get } from 'node:http'

function ask() {
  get(process.argv[2], response => {
    response.setEncoding('utf8').on('data', text => console.log(response.statusCode, text))
    response.on('end', () => setTimeout(ask, 200))
  })
}
ask()
