"""One server as a program: prints `listening on HOST:PORT`, and serves until it is terminated."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from mail_servers.script import Fault, drop, hang, reply, slow
from mail_servers.server import Login, smtp_server


def main() -> None:
    options = _arguments()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    login = Login(options.user, options.password) if options.user else None
    with smtp_server(
        *options.fault,
        tls=options.tls,
        login=login,
        host=options.host,
        port=options.port,
        certificate=options.certificate,
        certificate_for=options.certificate_for,
        folder=options.folder,
    ) as server:
        if options.authority:
            options.authority.write_bytes(server.certificate)
        sys.stdout.write(f"listening on {server.host}:{server.port}\n")
        sys.stdout.flush()
        ended.wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m mail_servers", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--tls", choices=["starttls", "tls"])
    parser.add_argument("--certificate", type=Path, help="PEM: key and chain; default: made anew")
    parser.add_argument("--certificate-for", default="127.0.0.1", help="name in the one made anew")
    parser.add_argument("--authority", type=Path, help="where to write its authority (PEM)")
    parser.add_argument("--user", help="with --password: nobody else may send")
    parser.add_argument("--password", default="")
    parser.add_argument("--folder", type=Path, help="for each mail NNNN.eml and NNNN.json")
    parser.add_argument(
        "--fault",
        type=fault,
        action="append",
        default=[],
        metavar="'WHAT STAGE [ARGUMENT]'",
        help="such as 'hang DATA', 'drop content', 'reply RCPT 451 4.3.0 later', 'slow MAIL 2.5'; "
        "with WHAT*N: the first N times",
    )
    return parser.parse_args()


def fault(text: str) -> Fault:
    what, stage, *rest = text.split(maxsplit=2)
    what, _, times = what.partition("*")
    count = int(times) if times else None
    argument = rest[0] if rest else ""
    match what:
        case "hang":
            return hang(stage, times=count)
        case "drop":
            return drop(stage, times=count)
        case "reply":
            return reply(stage, argument, times=count)
        case "slow":
            return slow(float(argument), stage, times=count)
    raise argparse.ArgumentTypeError(f"{what} is none of hang, drop, reply, slow")


if __name__ == "__main__":
    main()
