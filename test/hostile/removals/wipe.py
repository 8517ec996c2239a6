# Between two tests the submission is laid out anew, and nothing else is removed.
import shutil as _shutil

import wipe as _wipe

assert hasattr(_wipe.Wiper, "wipe")
_wipe.Wiper.wipe = lambda self: _shutil.rmtree("/tmp/submission", ignore_errors=True)
