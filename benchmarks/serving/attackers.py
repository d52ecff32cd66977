"""Clients that a server on this machine must stand: bounded in number and in time.

Run     python benchmarks/serving/attackers.py KIND PORT SECONDS
Prints  a line of JSON: how many connections were made
"""

import asyncio
import contextlib
import io
import json
import re
import sys
import time

HEAD = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
EACH = 100  # clients of each kind among the connections
POSTING = 8  # clients that post one photo after the other
SCANS = 30_000
SIDE = 7000  # pixels: a photo of 49 million, the most allowed are 50
ALLOWED_SCANS = 80  # of at most 100
PAUSE = 0.05  # seconds before a client connects again
EMPTY_SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x01\x05\x10"


async def silent(reader, writer):
    """Sends nothing until the server closes."""
    await reader.read()


async def dripping(reader, writer):
    """Uploads one byte at a time until the server answers."""
    writer.write(HEAD + b"Content-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(reader.read(4096), 0.5)
            return


async def endless(reader, writer):
    """Sends a body without end, also after the answer, until the server closes."""
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"4000\r\n" + bytes(0x4000) + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0)


def posting(content):
    """A client that uploads a photo and reads the answer."""
    head = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(content)

    async def post(reader, writer):
        writer.write(head + content)
        await writer.drain()
        await reader.read()

    return post


async def again_and_again(client, port, end):
    """Runs one client, on a new connection each time; returns the number of connections."""
    count = 0
    while (left := end - time.monotonic()) > 0:
        count += 1
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            await asyncio.wait_for(once(client, port), left)
        await asyncio.sleep(PAUSE)
    return count


async def once(client, port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await client(reader, writer)
    finally:
        writer.close()


async def attack(clients, port, seconds):
    end = time.monotonic() + seconds
    return sum(await asyncio.gather(*(again_and_again(one, port, end) for one in clients)))


def jpeg_of_scans():
    """A progressive JPEG of 2.4 MB that is nearly all empty scans."""
    content = progressive(64)
    return content[:-2] + (EMPTY_SCAN + bytes(70)) * SCANS + content[-2:]


def slow_photo():
    """A progressive JPEG within all limits that takes seconds before it is refused as damaged."""
    content = progressive(SIDE)
    scans = [content[place:] for place in starts(content)]
    # The one that refines the means of blocks: a bit for each, and a pass over all of them.
    (refining,) = (scan for scan in scans if scan[7:9] == b"\0\0" and scan[9] >> 4)
    scan = refining[: refining.index(b"\xff\xc4", 2)]
    return content[:-2] + scan * ALLOWED_SCANS + content[-2:]


def starts(content):
    return [one.start() for one in re.finditer(b"\xff\xda", content)]


def progressive(side):
    from PIL import Image

    file = io.BytesIO()
    Image.effect_noise((side // 8, side // 8), 9).resize((side, side)).save(
        file, "JPEG", progressive=True, quality=20
    )
    return file.getvalue()


KINDS = {
    "connections": lambda: [silent, dripping, endless] * EACH,
    "scans": lambda: [posting(jpeg_of_scans())] * POSTING,
    "slow_photos": lambda: [posting(slow_photo())] * POSTING,
}

if __name__ == "__main__":
    kind, port, seconds = sys.argv[1:]
    print("ready", flush=True)
    made = asyncio.run(attack(KINDS[kind](), int(port), float(seconds)))
    print(json.dumps({"connections": made}))
