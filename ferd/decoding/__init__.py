"""Decodes picture files of unknown origin: for the study, `ferd predict` and `ferd serve`."""
