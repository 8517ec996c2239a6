"""The desk kit: `python -m assay_check` beside your files runs the visible tests."""

import os
import sys

KIT = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(KIT, "vendor"))

from assay.check import main  # noqa: E402

main(KIT)
