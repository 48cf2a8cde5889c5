#!/usr/bin/env python3
"""network_test.py TANJI SOURCE SCRATCH ENTERPRISES PARTS DEADLINE: a tyre made of so many parts, whose
suppliers declare them with `tanji run` and publish them at their nodes of a three-level network
(network.sh, real `tanji serve` processes).  First all answer; then of the nodes one in ten is dead,
one in ten stands still, one in twenty lies.  Prints figures.
"""
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from handle_client import Client, admin_value, text
from tanji_server import fail

TANJI, SOURCE, SCRATCH = sys.argv[1:4]
ENTERPRISES, PARTS, DEADLINE = map(int, sys.argv[4:7])
NET = SCRATCH + "/net"
AT = "2026-10-15"


def tanji(*args, want=0):
    done = subprocess.run([TANJI, *args, "--at", AT], capture_output=True, text=True,
                          timeout=600)
    if done.returncode != want:
        fail(f"tanji {' '.join(args)[:200]}: {done.returncode}\n{done.stdout[-2000:]}"
             f"{done.stderr[-3000:]}")
    return done


def write(path, *lines):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


class Node:
    def __init__(self, line):
        self.name, self.prefix, pid, http, https = line.split()
        self.pid, self.http, self.https = int(pid), int(http), int(https)
        self.parts = []

    def client(self):
        with open(f"{NET}/{self.name}/admin.key") as file:
            return Client(self.https, self.admin, file.read().strip())

    @property
    def admin(self):
        return f"300:{self.prefix}/ADMIN"


def company(name, issuer, material, ident, more):
    write(f"{SCRATCH}/{name}/tanji.conf", "[company]", f"issuer = did:web:{issuer}.example",
          f"name = {issuer}", "profile = iso14067", "period = 2026-09-01..2026-09-30",
          "region = CN", "key = out/keys/k1.pem", "[output]", "registry = out/registry",
          "declarations = out/declarations", "keys = out/keys", "[read]",
          "material = in/material.csv", "order = in/order.csv", "movement = in/movement.csv",
          "reading = in/reading.csv", "[factors]", "file = in/factors.csv", "[process W]",
          "name = Works", "[declare]", f"material = {material}", f"id = {ident}", *more)
    write(f"{SCRATCH}/{name}/in/factors.csv",
          "product,unit,flow,amount_kg_per_unit,category,region,year,source",
          "power,kWh,CO2,0.6,fossil,CN,2024,invented for a test",
          "part,kg,CO2,9.9,fossil,CN,2024,invented for a test")
    write(f"{SCRATCH}/{name}/in/reading.csv",
          "document,meter,work_centre,order,carrier,quantity,unit,start,end",
          "1,M1,W,,power,1000,kWh,2026-09-01,2026-09-30")


def supplier(node, key="keys new"):
    folder = node.name + "-company"
    company(folder, node.name, "PART", node.prefix + "/{batch}", [
        "[publish]", f"node = https://127.0.0.1:{node.https}", f"as = {node.admin}",
        f"secret = {NET}/{node.name}/admin.key", f"ca = {NET}/ca.pem", "allow = 127.0.0.0/8"])
    write(f"{SCRATCH}/{folder}/in/material.csv", "material,name,unit,factor,owner",
          "PART,Part,kg,,own", "power,Power,kWh,power,bought")
    write(f"{SCRATCH}/{folder}/in/order.csv",
          "order,material,batch,work_centre,quantity,unit,start,end",
          *(f"O{i},PART,{part},W,{10 + i},kg,2026-09-02,2026-09-03"
            for i, part in enumerate(node.parts)))
    write(f"{SCRATCH}/{folder}/in/movement.csv",
          "document,item,kind,order,material,batch,quantity,unit,date",
          *(f"D{i},1,output,O{i},PART,{part},{10 + i},kg,2026-09-03"
            for i, part in enumerate(node.parts)))
    tanji(*key.split(), f"{SCRATCH}/{folder}")
    tanji("run", f"{SCRATCH}/{folder}")


def tyre(nodes, root):
    ids = [(f"P{n}", f"{node.prefix}/{part}") for n, node in enumerate(nodes)
           for part in node.parts]
    company("tyre", "tyre", "TYRE", "88.109.0001/{batch}", [
        "[resolve]", f"root = http://127.0.0.1:{root.http}", "allow = 127.0.0.0/8",
        f"ca = {NET}/ca.pem",
        f"deadline = {DEADLINE}", "[trust]",
        *(f"did:web:{n.name}.example = {SCRATCH}/{n.name}-company/out/keys/did.json {n.prefix}"
          for n in nodes)])
    write(f"{SCRATCH}/tyre/in/material.csv", "material,name,unit,factor,owner",
          "TYRE,Tyre,kg,,own", "power,Power,kWh,power,bought",
          *(f"P{n},Part,kg,part,bought" for n in range(len(nodes))))
    write(f"{SCRATCH}/tyre/in/order.csv",
          "order,material,batch,work_centre,quantity,unit,start,end",
          "O1,TYRE,T1,W,1000,kg,2026-09-20,2026-09-21")
    write(f"{SCRATCH}/tyre/in/movement.csv",
          "document,item,kind,order,material,batch,supplier_id,quantity,unit,date",
          "D0,1,output,O1,TYRE,T1,,1000,kg,2026-09-21",
          *(f"R{i},1,receipt,,{m},B{i},{ident},1,kg,2026-09-19"
            for i, (m, ident) in enumerate(ids)),
          *(f"D1,{i},input,O1,{m},B{i},,1,kg,2026-09-20" for i, (m, _) in enumerate(ids)))
    tanji("keys", "new", f"{SCRATCH}/tyre")
    return [ident for _, ident in ids]


def resolve(ids, want):
    """Identifier to answer, and how long it took, with nothing cached."""
    shutil.rmtree(f"{SCRATCH}/tyre/out/cache", ignore_errors=True)
    begin = time.monotonic()
    done = tanji("resolve", *ids, "--dir", f"{SCRATCH}/tyre", "--json", want=want)
    took = time.monotonic() - begin
    return {a["identifier"].removeprefix("hdl:"): a for a in json.loads(done.stdout)}, took


def run():
    shutil.rmtree(f"{SCRATCH}/tyre/out/cache", ignore_errors=True)
    shutil.rmtree(f"{SCRATCH}/tyre/out/registry", ignore_errors=True)
    begin = time.monotonic()
    done = tanji("run", f"{SCRATCH}/tyre", "--json")
    return json.loads(done.stdout), time.monotonic() - begin


def count(report, rule):
    return sum(f["rule"] == rule for f in report["findings"])


def lie(node, other, ids):
    """Half of its records hold another supplier's declarations, the others its own, signed with
    a key that nobody was told of."""
    folder = f"{SCRATCH}/{node.name}-company"
    shutil.move(folder, folder + "-before")
    supplier(node)
    for published in ("did.json", "key-history.jws"):
        shutil.copy(f"{folder}-before/out/keys/{published}", f"{folder}/out/keys/{published}")
    own = sorted(glob.glob(f"{folder}/out/declarations/*.jws"))
    others = sorted(glob.glob(f"{SCRATCH}/{other.name}-company/out/declarations/*.jws"))
    client = node.client()
    for i, part in enumerate(node.parts):
        path = others[i % len(others)] if i % 2 == 0 else \
            [p for p in own if part in os.path.basename(p)][0]
        with open(path) as file:
            status, body, _ = client.put(f"{node.prefix}/{part}", [
                text(1000, "TANJI.DECLARATION", file.read().strip()), admin_value(node.admin)])
        if status != 200:
            fail(f"a lie could not be put: {status} {body}")
    ids.update((f"{node.prefix}/{part}", "lie") for part in node.parts)


def spoil(nodes):
    """What became of each identifier."""
    ids = {f"{n.prefix}/{part}": "good" for n in nodes for part in n.parts}
    tenth, twentieth = max(1, len(nodes) // 10), max(1, len(nodes) // 20)
    dead, still = nodes[:tenth], nodes[tenth:2 * tenth]
    lying = nodes[2 * tenth:2 * tenth + twentieth]
    for node in lying:
        lie(node, nodes[-1], ids)
    for node in dead:
        os.kill(node.pid, signal.SIGKILL)
        ids.update((f"{node.prefix}/{part}", "dead") for part in node.parts)
    for node in still:
        os.kill(node.pid, signal.SIGSTOP)
        ids.update((f"{node.prefix}/{part}", "still") for part in node.parts)
    return ids


WANTED = {"good": "resolved", "dead": "no answer", "still": "no answer", "lie": "not accepted"}


def whole(ids):
    answers, took = resolve(ids, 0)
    wrong = [a for a in answers.values() if a["state"] != "resolved"]
    if wrong or len(answers) != len(ids):
        fail(f"{len(wrong)} of {len(ids)} not resolved: {wrong[:3]}")
    report, ran = run()
    gaps = count(report, "NO_ANSWER") + count(report, "UNUSED_DECLARATION") + \
        count(report, "FACTOR_USED")
    print(f"{ENTERPRISES} enterprises, {len(ids)} parts: all resolved in {took:.2f} s, "
          f"{len(ids) / took:.0f} a second; the whole run {ran:.2f} s")
    # Power is bought by a factor, and nothing else.
    if gaps > 1:
        fail(f"{gaps} gaps in a whole network: {report['findings'][:5]}")


def broken(nodes):
    ids = spoil(nodes)
    answers, took = resolve(list(ids), 69)
    for ident, kind in ids.items():
        answer = answers[ident]
        if answer["state"] != WANTED[kind]:
            fail(f"{ident} ({kind}): {answer}")
        if kind != "good" and not answer["reason"]:
            fail(f"{ident} ({kind}) has no reason")
    if took > DEADLINE + 5:
        fail(f"it took {took:.1f} s, and the deadline is {DEADLINE} s")
    report, ran = run()
    lies = sum(kind == "lie" for kind in ids.values())
    gaps = sum(kind != "good" for kind in ids.values())
    told = count(report, "NO_ANSWER") + count(report, "UNUSED_DECLARATION")
    if ran > DEADLINE + 10:
        fail(f"the run took {ran:.1f} s, and the deadline is {DEADLINE} s")
    if count(report, "FACTOR_USED") < gaps or told == 0:
        fail(f"{gaps} gaps, {told} told of, {count(report, 'FACTOR_USED')} by factors")
    kinds = {kind: sum(k == kind for k in ids.values()) for kind in WANTED}
    print(f"of {len(ids)} parts {kinds['dead']} at dead nodes, {kinds['still']} at nodes that stand "
          f"still, {lies} lied about: {kinds['good']} resolved, {gaps} gaps with their reasons, "
          f"no lie accepted, in {took:.2f} s; the whole run {ran:.2f} s (deadline {DEADLINE} s)")
    for kind in ("dead", "still", "lie"):
        some = [answers[i]["reason"] for i, k in ids.items() if k == kind]
        for reason in sorted({r.split(":", 1)[-1][-90:] for r in some})[:3]:
            print(f"  {kind}: …{reason}")


def main():
    with open(NET + "/nodes") as file:
        nodes = [Node(line) for line in file]
    root, enterprises = nodes[0], [n for n in nodes if n.name.startswith("enterprise")]
    for i in range(PARTS):
        node = enterprises[i % len(enterprises)]
        node.parts.append(f"B{i:05d}")
    begin = time.monotonic()
    for node in enterprises:
        supplier(node)
        tanji("publish", f"{SCRATCH}/{node.name}-company")
    print(f"{PARTS} declared and published in {time.monotonic() - begin:.1f} s")
    whole(tyre(enterprises, root))
    broken(enterprises)


main()
