"""ferd: facial emotion recognition on 48x48 faces, the library behind stages/."""

import os

__version__ = "0.1.0"

# From 1.29 on ONNX Runtime otherwise tells its maker about the machine and the models loaded, and
# keeps an identifier and a database in the user's cache folder. It looks at this when imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
