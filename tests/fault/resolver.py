"""resolver.py TANJI SOURCE: see resolver.sh, which runs it in a scratch folder with three companies."""
import json
import os
import shutil
import subprocess
import sys
import time

TANJI, SOURCE = [os.path.abspath(p) for p in sys.argv[1:3]]
sys.path.insert(0, SOURCE + "/tests/interop")
from network import Network, check, declarations, declared, resolve, service, site  # noqa: E402

MILL = declarations("mill/out/declarations")
IDS = sorted(MILL)
FALSE = declarations("other/out/declarations")


def without_upstream(more=""):
    """The cord maker asks nobody but the network."""
    with open(SOURCE + "/samples/cord/tanji.conf") as file:
        head, rest = file.read().split("[upstream]")
    with open("cord/tanji.conf", "w") as file:
        file.write(head + "[trust]" + rest.split("[trust]")[1] + "\n" + more)
    shutil.rmtree("cord/out/cache", ignore_errors=True)


def good_records():
    return {handle: [declared(jws)] for handle, jws in MILL.items()}


# Prefix to behaviour of its node, its records, and what must be said.
BAD = {
    "88.901.1": ("dead", {}, "no answer", "Couldn't connect"),
    "88.901.2": ("hang", {}, "no answer", "it is silent"),
    "88.901.3": ("trickle", {}, "no answer", "it trickles"),
    "88.901.4": ("circle", {}, "no answer", "redirected more than 3 times"),
    "88.901.5": ("big", {}, "no answer", "larger than"),
    "88.901.6": ("garbage", {}, "no answer", "not that of a node"),
    "88.901.7": ("other", {"88.901.7/X": [], "88.901.7/Y": []}, "not accepted", "answers for"),
    "88.901.8": ("elsewhere:http://169.254.169.254", {}, "no answer", "link-local"),
    "88.901.9": ("reset", {}, "no answer", "empty reply|returned nothing"),
    "88.901.10": ("refer:88.901.10", {}, "no answer", "circle"),
    "88.901.14": ("good", {}, "unknown", "it knows no"),
    "88.901.15": ("good", {"88.901.15/X": []}, "unknown", "no declaration"),
    "88.901.16": ("good", {"88.901.16/X": [declared(MILL[IDS[0]])]}, "not accepted",
                  "identifier: declares hdl:" + IDS[0]),
    "88.901.17": ("good", {"88.901.17/X": [declared("not.a.jws")]}, "not accepted", "form:"),
    "88.901.18": ("elsewhere:file:///etc/passwd#", {}, "no answer", "expected https"),
    "88.901.19": ("elsewhere:http://10.0.0.1", {}, "no answer", "private"),
}
# Records of the root itself: what must be said.
DELEGATIONS = {
    "88.902.1": ([service("0.NA/88.902.2")], "no answer", "goes in a circle"),
    "88.902.2": ([service("0.NA/88.902.1")], "no answer", "goes in a circle"),
    "88.902.3": ([service("88.902.3/S")], "no answer", "goes in a circle"),
    "88.902.4": ([service("nothing")], "no answer", "names no record"),
    "88.902.5": ([{"index": 1, "type": "HS_SITE", "data": {"format": "site", "value": {
        "servers": [{"address": "10.1.2.3", "interfaces": [
            {"query": True, "protocol": "HTTP", "port": 80}]}]}}}], "no answer", "private"),
    "88.902.6": ([{"index": 1, "type": "HS_SITE", "data": {"format": "site", "value": {
        "servers": [{"address": "x/y", "interfaces": []}]}}}], "no answer", "no address"),
    "88.902.7": ([{"index": 1, "type": "HS_SITE", "data": "nonsense"}], "no answer", "format site"),
}


def network():
    root = {"0.NA/88.999": [site("industry")]}
    nodes = {"industry": ("good", {"0.NA/88.999.1001": [site("mill")]}),
             "mill": ("good", good_records())}
    for prefix, (behaviour, records, _, _) in BAD.items():
        nodes[prefix] = (behaviour, records)
        root["0.NA/" + prefix] = [site(prefix)]
    for prefix, (values, _, _) in DELEGATIONS.items():
        root["0.NA/" + prefix] = values
    # Over a service record; and with a mirror that is dead.
    root["0.NA/88.903.1"] = [service("88.999.1001/SERVICE")]
    nodes["mill"][1]["88.999.1001/SERVICE"] = [site("mill")]
    root["0.NA/88.903.2"] = [site("88.901.1", "mill")]
    nodes["root"] = ("broken:2", root)	# 503 twice, and then it is well
    return nodes


def says(answer, state, texts):
    return answer["state"] == state and any(t in answer["reason"] for t in texts.split("|"))


def every_gap_has_its_reason():
    without_upstream()
    with Network(network()) as net:
        ids = IDS + [prefix + "/X" for prefix in [*BAD, *DELEGATIONS]]
        ids += [f"88.901.2/{i}" for i in range(300)] + [f"88.901.1/{i}" for i in range(300)]
        ids += ["88.903.1/X", "88.903.2/X", "88.2.3.4.5.6.7.8.9/X"]
        begin = time.time()
        answers = resolve(TANJI, "cord", ids, root=net.root())
        took = time.time() - begin
        check(f"took {took:.1f} s", took < 60)
        for handle in IDS:
            check(handle, answers[handle]["state"] == "resolved", answers[handle])
        for prefix, (_, _, state, text) in BAD.items():
            check(prefix, says(answers[prefix + "/X"], state, text), answers[prefix + "/X"])
        for prefix, (_, state, text) in DELEGATIONS.items():
            check(prefix, says(answers[prefix + "/X"], state, text), answers[prefix + "/X"])
        for i in range(300):
            check("hang", answers[f"88.901.2/{i}"]["state"] == "no answer")
        check("over a service", says(answers["88.903.1/X"], "unknown", "it knows no"))
        check("a mirror", answers["88.903.2/X"]["state"] == "no answer", answers["88.903.2/X"])
        check("segments", says(answers["88.2.3.4.5.6.7.8.9/X"], "no answer", "8 segments"))
        counts = net.counts()
        check("asked a silent node often", counts["88.901.2"] <= 16, counts)
        return f"{len(ids)} identifiers in {took:.1f} s"


def nothing_ends_after_the_deadline():
    without_upstream("[resolve]\ndeadline = 2\nallow = 127.0.0.0/8\n")
    with Network(network()) as net:
        begin = time.time()
        resolve(TANJI, "cord", IDS, "--fresh", root=net.root(), allow=None)
        usual = time.time() - begin             # what this machine takes when nobody is silent
        begin = time.time()
        answers = resolve(TANJI, "cord", [*IDS, "88.901.2/X"], "--fresh", root=net.root(),
                          allow=None)
        took = time.time() - begin
        check(f"took {took:.1f} s, {usual:.1f} s usually", took < 2 + 1.5 + 3 * usual)
        check("deadline", says(answers["88.901.2/X"], "no answer", "time for all of it was over"),
              answers["88.901.2/X"])
        check("the others", all(answers[i]["state"] == "resolved" for i in IDS))


SPELLINGS = ["127.0.0.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "127.1", "localhost",
             "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "0", "0.0.0.0",
             "[::]", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
             "224.0.0.1", "255.255.255.255", "[fe80::1]", "[fd00::1]", "[ff02::1]",
             "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]"]


def no_spelling_passes_the_guard():
    without_upstream()
    with Network({"root": ("good", good_records())}) as net:
        for spelling in SPELLINGS:
            answer = resolve(TANJI, "cord", [IDS[0]], allow=None,
                             root=f"http://{spelling}:{net.ports['root']}")[IDS[0]]
            check(spelling, says(answer, "no answer", "such are not connected to"), answer)
        # Allowed is what was named, and no other spelling's family.
        for spelling, allow in [("[::ffff:127.0.0.1]", "127.0.0.0/8"), ("127.0.0.1", "::1"),
                                ("127.0.0.1", "127.0.0.2/31")]:
            answer = resolve(TANJI, "cord", [IDS[0]], allow=allow,
                             root=f"http://{spelling}:{net.ports['root']}")[IDS[0]]
            check(spelling, says(answer, "no answer", "such are not connected to"), answer)
        check("somebody was asked", net.counts() == {"root": 0}, net.counts())
        for url in ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a@127.0.0.1/", "http://"]:
            run = subprocess.run([TANJI, "resolve", "--dir", "cord", "--root", url, IDS[0]],
                                 capture_output=True, text=True)
            check(url, run.returncode == 2 and "--root" in run.stderr, run.stderr)
        env = dict(os.environ, http_proxy=net.root(), ALL_PROXY=net.root())
        run = subprocess.run([TANJI, "resolve", "--dir", "cord", "--root", "http://10.0.0.1",
                              IDS[0]], env=env, capture_output=True, text=True)
        check("a proxy", "private" in run.stdout and net.counts() == {"root": 0}, run.stdout)


def the_cache_is_of_use_and_never_believed():
    without_upstream()
    handle = IDS[0]
    with Network(network()) as net:
        net.change("mill", handle, [declared(FALSE[handle])])
        answer = resolve(TANJI, "cord", IDS, root=net.root())[handle]
        check("another key", says(answer, "not accepted", "signature:"), answer)
        net.change("mill", handle, [declared(FALSE[handle], timestamp="2026-09-01T00:00:00Z"),
                                    declared(MILL[handle], index=7)])
        before = net.counts()["mill"]
        answers = resolve(TANJI, "cord", IDS, root=net.root())
        check("asked again", answers[handle]["state"] == "resolved", answers[handle])
        check("only that", net.counts()["mill"] == before + 1)
        check("its age", answers[IDS[1]]["age_s"] > 0 and answers[handle]["age_s"] == 0)
        answers = resolve(TANJI, "cord", IDS, "--fresh", root=net.root())
        check("fresh", net.counts()["mill"] > before + len(IDS))
        trace = resolve(TANJI, "cord", [handle], "--trace", root=net.root())
        check("trace", [h["cached"] for h in trace["hops"]].count(True) >= 3 and
              trace["answers"][0]["state"] == "resolved", trace)
        root = net.root()
    answers = resolve(TANJI, "cord", IDS, root=root)	# and nobody listens
    check("warm", all(answers[i]["state"] == "resolved" for i in IDS))
    with open("cord/out/cache/data.mdb", "r+b") as file:
        file.truncate(9000)
    answers = resolve(TANJI, "cord", IDS[:3], root=root)
    check("damage", "begun anew" in answers[IDS[0]]["talk"], answers)
    check("nobody is there", answers[IDS[0]]["state"] == "no answer")
    os.chmod("cord/out/cache", 0o700)
    shutil.rmtree("cord/out/cache")
    with open("cord/out/cache", "w") as file:
        file.write("no folder")
    answers = resolve(TANJI, "cord", IDS[:3], root=root)
    check("without", "no answers are kept" in answers[IDS[0]]["talk"], answers)
    os.remove("cord/out/cache")


def run_ids(folder):
    run = subprocess.run([TANJI, "run", folder, "--at", "2026-10-15", "--json", "--dry-run"],
                         capture_output=True, text=True)
    check("run", run.returncode == 0, run.stderr[-2000:])
    return {d["product"]: d["id"] for d in json.loads(run.stdout)["declarations"]}, run.stderr


def a_run_over_the_network_declares_the_same():
    shutil.copy(SOURCE + "/samples/cord/tanji.conf", "cord/tanji.conf")
    local, _ = run_ids("cord")
    with Network(network()) as net:
        conf = f"[resolve]\nroot = {net.root()}\nallow = 127.0.0.0/8\n"
        without_upstream(conf)
        remote, _ = run_ids("cord")
        check("other declarations", local == remote)
        # Where the folder knows nothing the network is asked.
        shutil.copy(SOURCE + "/samples/cord/tanji.conf", "cord/tanji.conf")
        with open("cord/tanji.conf", "a") as file:
            file.write("\n" + conf)
        os.rename("mill/out/registry", "mill/out/away")
        both, _ = run_ids("cord")
        check("in turn", local == both)
        net.change("mill", "88.999.1001/26K00901-01", [])
        shutil.rmtree("cord/out/cache")
        _, talk = run_ids("cord")
        check("no reason", "26K00901-01" in talk and "no declaration, or hides it" in talk, talk)
    shutil.rmtree("cord/out/cache")
    _, talk = run_ids("cord")
    check("no reason", "could not be found out" in talk and "Couldn't connect" in talk, talk)
    os.rename("mill/out/away", "mill/out/registry")


for step in [every_gap_has_its_reason, nothing_ends_after_the_deadline,
             no_spelling_passes_the_guard, the_cache_is_of_use_and_never_believed,
             a_run_over_the_network_declares_the_same]:
    start = time.time()
    told = step()
    print(f"{step.__name__}: {time.time() - start:.1f} s", told or "")
