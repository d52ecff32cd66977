"""Runs the command `ferd` as `python -m ferd`."""

import sys

from ferd.command import main

sys.exit(main())
