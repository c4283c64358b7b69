// A call of each kind now and then; the proxy comes from the environment, as for every grpc-js.
import * as grpc from '@grpc/grpc-js'
import { GREETER } from './greeter-service.mjs'

const Greeter = grpc.makeGenericClientConstructor(GREETER, 'Greeter')
const client = new Greeter(process.argv[2], grpc.credentials.createInsecure())

const greet = name =>
  new Promise(resolve =>
    client.greet(Buffer.from(name), (error, answer) => resolve(error ? error.details : answer.toString())),
  )

const chat = lines =>
  new Promise((resolve, reject) => {
    const call = client.chat()
    const heard = []
    call.on('data', part => heard.push(part.toString()))
    call.on('end', () => resolve(heard.join(' ')))
    call.on('error', reject)
    for (const line of lines) call.write(Buffer.from(line))
    call.end()
  })

for (;;) {
  console.log(await greet('world'), '|', await greet('nobody'), '|', await chat(['how', 'are', 'you']))
  await new Promise(resolve => setTimeout(resolve, 200))
}
