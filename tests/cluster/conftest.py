"""Two workers on this machine, for the tests of a module."""

import pytest
from distributed import Client, LocalCluster


@pytest.fixture(scope="module")
def client():
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(**options) as local, Client(local) as client:
        yield client
