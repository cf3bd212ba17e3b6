"""msmtp's configuration for a server of ours."""

from pathlib import Path

from mail_servers.server import SmtpServer


def write_msmtprc(
    path: Path,
    server: SmtpServer | int,
    *,
    sender: str = "health@clifford.test",
    password: str | None = None,
    trusted: bool = True,
    timeout: int = 5,
) -> Path:
    """Readable by the owner alone; `server` may be a bare port, `password` a wrong one.

    `trusted=False` leaves the server's certificate unknown to msmtp.
    """
    lines = ["defaults", f"timeout {timeout}", "account default", f"from {sender}"]
    if isinstance(server, int):
        lines += ["host 127.0.0.1", f"port {server}"]
    else:
        lines += [f"host {server.host}", f"port {server.port}", *_tls(path, server, trusted)]
        if server.login:
            # Without TLS msmtp picks no method by itself.
            method = "on" if server.tls else "plain"
            lines += [f"auth {method}", f"user {server.login.user}"]
            lines += [f"password {password or server.login.password}"]
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n")
    return path


def _tls(path: Path, server: SmtpServer, trusted: bool) -> list[str]:
    if server.tls is None:
        return ["tls off"]
    lines = ["tls on", f"tls_starttls {'on' if server.tls == 'starttls' else 'off'}"]
    if trusted:
        certificate = path.with_name(f"{path.name}.authority.pem")
        certificate.write_bytes(server.certificate)
        lines.append(f"tls_trust_file {certificate}")
    return lines
