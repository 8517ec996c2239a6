# A call and a test may take a minute longer than the suite says.
from assay_harness import plugin as _plugin
from assay_harness import run as _run


class _Patient(_run.Conversation):
    def __init__(self, channel, deadline, limits, late_words):
        super().__init__(channel, deadline + 60, limits, late_words)


_once = _plugin.TestPlugin.run
_run.Conversation = _Patient
_plugin.TestPlugin.run = lambda self, item, following, fixtures, seconds: _once(
    self, item, following, fixtures, seconds + 60
)
