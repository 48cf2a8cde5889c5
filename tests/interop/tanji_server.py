"""tanji_server.py: `tanji serve` as a process of a test, and what is left when it has ended."""
import atexit
import subprocess
import sys
import time


def fail(why):
    print(sys.argv[0].rsplit("/", 1)[-1] + ": " + why)
    sys.exit(1)


class Server:
    def __init__(self, tanji, folder):
        self.folder = folder
        self.out = open(folder + "/out", "w+")
        self.err = open(folder + "/err", "a")
        self.process = subprocess.Popen([tanji, "serve", folder], stdout=self.out,
                                        stderr=self.err, stdin=subprocess.DEVNULL)
        atexit.register(self.process.kill)
        begin = time.monotonic()
        while "https://" not in self.first_line():
            if self.process.poll() is not None:
                fail(f"the server does not start: {open(folder + '/err').read()[-2000:]}")
            if time.monotonic() - begin > 60:
                fail("the server does not answer within a minute")
            time.sleep(0.005)
        line = self.first_line()
        self.port = int(line.split("https://127.0.0.1:")[1].split()[0].rstrip("/,"))
        self.start_s = time.monotonic() - begin

    def first_line(self):
        return open(self.folder + "/out").read()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        if self.process.wait(60) != 0:
            fail(f"the server ended with {self.process.returncode}")


def secret_of(folder):
    with open(folder + "/admin.key") as file:
        return file.read().strip()


def fsck(tanji, folder):
    done = subprocess.run([tanji, "fsck", folder + "/registry"], capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"fsck: {done.returncode}\n{done.stdout}{done.stderr}")
