"""network.py: what the tests of resolving share: nodes.py as a process, records, `tanji resolve`."""
import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def declarations(folder):
    """Handle to JWS, of the files that `tanji run` wrote there."""
    found = {}
    for path in sorted(glob.glob(folder + "/*.jws")):
        name = os.path.basename(path)[len("hdl="):-len(".jws")]
        with open(path) as file:
            found[name.replace("_", "/", 1)] = file.read().strip()
    return found


def declared(jws, **more):
    return dict({"index": 1000, "type": "TANJI.DECLARATION",
                 "data": {"format": "string", "value": jws}}, **more)


def site(*names):
    return {"index": 1, "type": "HS_SITE", "data": {"format": "site", "value": list(names)}}


def service(handle):
    return {"index": 2, "type": "HS_SERV", "data": {"format": "string", "value": handle}}


class Network:
    """nodes: {NAME: (BEHAVIOUR, RECORDS)}."""

    def __init__(self, nodes):
        plan = {"nodes": {name: {"behaviour": behaviour, "records": records}
                          for name, (behaviour, records) in nodes.items()}}
        self.process = subprocess.Popen([sys.executable, HERE + "/nodes.py"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ports = json.loads(self.say(json.dumps(plan)))

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def counts(self):
        return json.loads(self.say("count"))

    def change(self, name, handle, values):
        self.say(json.dumps([name, handle, values]))

    def root(self, name="root"):
        return f"http://127.0.0.1:{self.ports[name]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)


def check(what, holds, *more):
    if not holds:
        print("FAILED:", what, *more)
        sys.exit(1)


def resolve(tanji, folder, ids, *options, root=None, allow="127.0.0.0/8"):
    """The answers by identifier; each is told once."""
    command = [tanji, "resolve", "--dir", folder, "--json", "--at", "2026-10-15", *options]
    command += ["--root", root] if root else []
    command += ["--allow", allow] if allow else []
    run = subprocess.run(command + ["-"], input="\n".join(ids), capture_output=True, text=True,
                         timeout=180)
    check("resolve", run.returncode in (0, 69), run.returncode, run.stderr)
    answers = json.loads(run.stdout)
    if isinstance(answers, dict):
        return answers
    return {a["identifier"][len("hdl:"):]: dict(a, talk=run.stderr) for a in answers}
