"""So that `python -m healthcheck` works as well."""

from healthcheck.cli import main

main()
