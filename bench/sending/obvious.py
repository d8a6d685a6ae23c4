"""What one writes first: EmailMessage, dkimpy and aiosmtplib, no store: `… PORT MESSAGES CONNECTIONS`."""

import asyncio
import json
import sys
import time
from dataclasses import asdict
from email.message import EmailMessage

import aiosmtplib
import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bench.sending import letter
from bench.sending.letter import Used

KEY = rsa.generate_private_key(65537, 2048).private_bytes(
    Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
)
HTML, TEXT = letter.html("{{name}}"), letter.text("{{name}}")


def unsigned(n: int) -> bytes:
    message = EmailMessage()
    message["From"] = "Ann <ann@example.com>"
    message["To"] = f"p{n}@example.net"
    message["Subject"] = letter.SUBJECT
    message["Message-ID"] = f"<{n}@example.com>"
    message["List-Unsubscribe"] = f"<https://t.example.com/u/{n}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    name = f"Person {n}"
    message.set_content(TEXT.replace("{{name}}", name).replace("/stories/", f"/c/{n}/"))
    message.add_alternative(HTML.replace("{{name}}", name).replace("/stories/", f"/c/{n}/"), subtype="html")
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def made(n: int) -> bytes:
    octets = unsigned(n)
    return bytes(dkim.sign(octets, b"bench", b"example.com", KEY)) + octets


async def send(port: int, messages: int, connections: int) -> None:
    numbers = iter(range(messages))

    async def send_on() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for n in numbers:
                await client.sendmail(f"b+{n}@r.example.com", [f"p{n}@example.net"], made(n))

    await asyncio.gather(*(send_on() for _ in range(connections)))


def main(port: int, messages: int, connections: int) -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    began, spent = time.perf_counter(), time.process_time()
    asyncio.run(send(port, messages, connections))
    used = Used(messages, time.perf_counter() - began, time.process_time() - spent)
    print(json.dumps(asdict(used)), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
