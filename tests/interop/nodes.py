#!/usr/bin/env python3
"""nodes.py: nodes of a network for tests, good ones and bad ones, on loopback.

Standard input: one line of JSON, {"nodes": {NAME: {"behaviour": …, "records": {HANDLE: [VALUE…]}}}}.
A value is {"index", "type", "data", "ttl"?}; data {"format": "site", "value": ["NAME"…]} becomes the
HS_SITE of those nodes.  Ports are the system's choice.  Standard output: {NAME: PORT} in a line,
once all of them listen.  Then each line of input is answered with {NAME: requests}; one that is
JSON, [NAME, HANDLE, VALUES], first changes a record.  The end of input ends it all.

Behaviours: good, slow:SECONDS, dead (nobody listens), hang, trickle, reset, circle (redirects to
itself), elsewhere:URL (redirects there), big (300 MB), garbage, other (answers for another name),
refer:NAME (sends on to that node), broken:N (503 with Retry-After 1 to the first N).
"""
import asyncio
import json
import os
import socket
import sys
import urllib.parse

STAMP = "2026-10-01T00:00:00Z"


class Node:
    def __init__(self, net, name, spec):
        self.net, self.name = net, name
        self.behaviour, _, self.argument = spec.get("behaviour", "good").partition(":")
        self.records = {h.upper(): v for h, v in spec.get("records", {}).items()}
        self.count = 0
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    async def start(self):
        if self.behaviour == "dead":
            return None
        self.socket.listen(512)
        return await asyncio.start_server(self.serve, sock=self.socket)

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.count += 1
                if not await self.answer(head.split(b" ", 2)[1].decode(), writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, target, writer):
        kind = self.behaviour
        if kind == "hang":
            await asyncio.sleep(3600)
        if kind == "reset":
            return False
        if kind == "slow":
            await asyncio.sleep(float(self.argument))
        if kind == "trickle":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.5)
        if kind == "big":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(300):
                writer.write(b"100000\r\n" + b" " * 0x100000 + b"\r\n")
                await writer.drain()
            return False
        if kind == "circle":
            return self.reply(writer, 302, b"", [f"Location: {target}"])
        if kind == "elsewhere":
            return self.reply(writer, 302, b"", [f"Location: {self.argument}{target}"])
        if kind == "garbage":
            return self.reply(writer, 200, b"<html>It works!</html>")
        if kind == "broken" and self.count <= int(self.argument):
            return self.reply(writer, 503, b"{}", ["Retry-After: 1"])
        return self.record(target, writer)

    def record(self, target, writer):
        path, _, query = target.partition("?")
        handle = urllib.parse.unquote(path[len("/api/handles/"):])
        types = [t.upper() for t in urllib.parse.parse_qs(query).get("type", [])]
        if self.behaviour == "refer":
            values = [self.value({"index": 1, "type": "HS_SITE", "data":
                                  {"format": "site", "value": [self.argument]}})]
            return self.json(writer, 300, {"responseCode": 302, "handle": handle,
                                           "values": values})
        if self.behaviour == "other":
            others = [h for h in self.records if h != handle.upper()]
            handle = others[0] if others else "88.1/NOBODY"
        values = self.records.get(handle.upper())
        if values is None:
            return self.json(writer, 404, {"responseCode": 100, "handle": handle})
        values = [self.value(v) for v in values if not types or v["type"].upper() in types]
        return self.json(writer, 200, {"responseCode": 1 if values else 200,
                                       "handle": handle, "values": values})

    def value(self, value):
        data = value["data"]
        if isinstance(data, dict) and data.get("format") == "site" and \
                isinstance(data["value"], list):
            data = {"format": "site", "value": self.net.site(data["value"])}
        return {"index": value["index"], "type": value["type"], "data": data,
                "ttl": value.get("ttl", 86400), "timestamp": value.get("timestamp", STAMP)}

    def json(self, writer, status, what):
        return self.reply(writer, status, json.dumps(what).encode())

    def reply(self, writer, status, body, headers=()):
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}",
                 "Content-Type: application/json", *headers]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return True


class Net:
    def __init__(self, plan):
        self.nodes = {name: Node(self, name, spec) for name, spec in plan["nodes"].items()}

    def site(self, names):
        return {"version": 1, "protocolVersion": "2.11", "serialNumber": 1, "primarySite": True,
                "multiPrimary": False, "attributes": [], "servers": [
                    {"serverId": i + 1, "address": "127.0.0.1", "publicKey": None,
                     "interfaces": [
                         {"query": True, "admin": True, "protocol": "TCP", "port": 2641},
                         {"query": True, "admin": False, "protocol": "HTTP",
                          "port": self.nodes[name].port}]}
                    for i, name in enumerate(names)]}


async def main():
    # Lines of a plan can be long.
    reader = asyncio.StreamReader(limit=1 << 28)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    net = Net(json.loads(await reader.readline()))
    servers = [await node.start() for node in net.nodes.values()]
    print(json.dumps({name: node.port for name, node in net.nodes.items()}), flush=True)
    while line := await reader.readline():
        if line.startswith(b"["):
            name, handle, values = json.loads(line)
            net.nodes[name].records[handle.upper()] = values
        print(json.dumps({name: node.count for name, node in net.nodes.items()}), flush=True)
    sys.stdout.flush()
    os._exit(0 if servers else 1)	# whoever still waits for an answer gets none


if __name__ == "__main__":
    asyncio.run(main())
