"""The parser of the command `ferd`: a wrong call ends with one line."""

import argparse
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """argparse's parser, whose message would stand below all options of the command."""

    def error(self, message: str) -> NoReturn:
        """Ends the process with status 2, the message, and where the options are explained."""
        self.exit(2, f"{self.prog}: error: {message}; {self.prog} --help lists the options\n")
