"""A mail server that takes every letter and prints it as a line of JSON: first its port, then who it is to and what it says."""
import asyncio
import email
import email.policy
import json

from aiosmtpd.smtp import SMTP


class Mailbox:
    async def handle_DATA(self, _server, _session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = letter.get_body(("plain",)).get_content()
        print(json.dumps({"to": envelope.rcpt_tos, "subject": letter["subject"], "text": text}), flush=True)
        return "250 OK"


async def main():
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Mailbox()), "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main())
