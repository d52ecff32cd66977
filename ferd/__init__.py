"""ferd: facial emotion recognition on 48x48 faces, the library behind stages/."""

__version__ = "0.1.0"
