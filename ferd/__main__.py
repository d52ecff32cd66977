"""Runs the command `ferd` as `python -m ferd`."""

import sys

from ferd.cli.main import main

sys.exit(main())
