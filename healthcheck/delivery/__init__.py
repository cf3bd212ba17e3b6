"""From a rendered report to what leaves the house."""
