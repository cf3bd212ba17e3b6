"""What can go wrong at an edge, as sentences for the operator; only `cli` turns them into exit codes."""


class HealthCheckError(Exception):
    """A sentence that says what happened and what to do. Holds no secret."""

    exit_code = 1


class UsageError(HealthCheckError):
    """What was asked for cannot be asked for: a wrong option or combination of options."""

    exit_code = 2


class SettingsError(HealthCheckError):
    """An environment variable or the .env file holds something that cannot be used, or lacks it."""

    exit_code = 2


class SourceError(HealthCheckError):
    """The data could not be read: the report cannot be made."""


class OutputError(HealthCheckError):
    """The report was made and could not be written where it was asked to go."""


class BusyError(HealthCheckError):
    """Another run holds the lock."""

    exit_code = 75
