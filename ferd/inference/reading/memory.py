"""Limits the memory of a process that decodes files of unknown origin."""

import contextlib


def limit_data(more: int) -> None:
    """Limits what this process may allocate, where the platform can.

    Memory that is only reserved does not count, such as that of libraries' threads.

    Args:
        more: Bytes beyond what it has allocated now.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[5]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = now + more if hard == resource.RLIM_INFINITY else min(hard, now + more)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
