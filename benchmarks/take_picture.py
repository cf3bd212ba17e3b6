"""Take the README's picture: the sample day's mail as a phone shows it. Needs Chromium."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

_PHONE = (390, 1560)


def main() -> None:
    """Write the picture to the path that is given."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not installed: apt install chromium.")
    target = Path(sys.argv[1]).resolve()
    with TemporaryDirectory() as folder:
        page = Path(folder) / "mail.html"
        report = [sys.executable, "-m", "healthcheck", "run", "--sample", "--dry-run"]
        subprocess.run([*report, "--format", "html", "--output", page], check=True)
        # Headless Chromium has a least width for windows: the frame has the phone's.
        frame = Path(folder) / "frame.html"
        width, height = _PHONE
        frame.write_text(
            f'<body style="margin:0"><iframe src="mail.html" width="{width}" height="{height}" '
            'style="border:0" scrolling="no"></iframe>',
            encoding="utf-8",
        )
        subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--allow-file-access-from-files", "--force-device-scale-factor=1.5",
                f"--window-size={width},{height}", f"--screenshot={target}", frame.as_uri(),
            ],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip


if __name__ == "__main__":
    main()
