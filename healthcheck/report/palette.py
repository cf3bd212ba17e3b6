"""The colors of the mail, for light and for dark screens.

Levels of failing differ in lightness, so that they survive color blindness; on a dark screen the
worst is the brightest. A test computes the contrasts (WCAG 2.2, relative luminance).
"""

LEVELS = 4


class LIGHT:
    """A white page."""

    page, text, muted, line, box = "#ffffff", "#1f2328", "#57606a", "#d8dee4", "#f1f3f5"
    severity = {"critical": "#b3261e", "warning": "#8a5a00", "info": "#57606a"}  # noqa: RUF012 - read only
    levels = ("#b9e4c8", "#d19c1e", "#bd5114", "#971636")
    level_text = ("#1f2328", "#1f2328", "#ffffff", "#ffffff")
    no_attempts = "#f1f3f5"
    link = "#0550ae"


class DARK:
    """A dark one."""

    page, text, muted, line, box = "#15181c", "#e6e8ea", "#a9b1b9", "#343a41", "#252a30"
    severity = {"critical": "#ff9a8f", "warning": "#f0b84a", "info": "#b4bdc6"}  # noqa: RUF012 - likewise
    levels = ("#20432c", "#885918", "#e96213", "#ffa495")
    level_text = ("#ffffff", "#ffffff", "#15181c", "#15181c")
    no_attempts = "#252a30"
    link = "#79b8ff"


STATUS = {"critical": "#b3261e", "warning": "#8a5a00", "healthy": "#1a6b34"}
STATUS_TEXT = "#ffffff"
