#!/usr/bin/env python3
"""label_parts.py DIR: a label's text on standard input, taken apart by RFC 9052 alone, for
openssl: DIR/signed (what is signed), DIR/signature (DER), and on standard output the kid."""
import base64
import sys


def der_integer(octets):
    octets = octets.lstrip(b"\0") or b"\0"
    if octets[0] & 0x80:
        octets = b"\0" + octets
    return b"\x02" + bytes([len(octets)]) + octets


def take_bytes(code, at):
    """A byte string of CBOR under 256 bytes."""
    low = code[at] & 31
    assert code[at] >> 5 == 2
    if low == 24:
        return code[at + 2:at + 2 + code[at + 1]], at + 2 + code[at + 1]
    return code[at + 1:at + 1 + low], at + 1 + low


def put_bytes(octets):
    head = bytes([0x40 | len(octets)]) if len(octets) < 24 else bytes([0x58, len(octets)])
    return head + octets


text = sys.stdin.read().strip().split("C=")[1]
code = base64.b32decode(text + "=" * (-len(text) % 8))
assert code[:2] == b"\xd2\x84"
header, at = take_bytes(code, 2)
assert code[at] == 0xA0
payload, at = take_bytes(code, at + 1)
signature, at = take_bytes(code, at)
assert at == len(code) and len(signature) == 64
with open(sys.argv[1] + "/signed", "wb") as out:
    out.write(b"\x84\x6aSignature1" + put_bytes(header) + b"\x40" + put_bytes(payload))
with open(sys.argv[1] + "/signature", "wb") as out:
    body = der_integer(signature[:32]) + der_integer(signature[32:])
    out.write(b"\x30" + bytes([len(body)]) + body)
print(header[-8:].hex())
