"""Where an `Activity` comes from: the benchmark's MongoDB, or a snapshot folder of the same documents.

Nothing is imported here: the drivers are heavy, and each run needs one source only.
"""
