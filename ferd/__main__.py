"""Lets `python -m ferd` be the command `ferd`."""

import sys

from ferd.command import main

sys.exit(main())
