// A request a moment, by Node's fetch.
for (;;) {
  const response = await fetch(process.argv[2])
  console.log(response.status, await response.text())
  await new Promise(resolve => setTimeout(resolve, 200))
}
