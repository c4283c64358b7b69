# A request a moment, by Python's urllib. (A file named after a module would stand in its way.)
import sys, time, urllib.request

while True:
    with urllib.request.urlopen(sys.argv[1]) as response:
        print(response.status, response.read().decode(), flush=True)
    time.sleep(0.2)
