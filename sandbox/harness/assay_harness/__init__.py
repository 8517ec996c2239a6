"""The trusted side of the sandbox pair: collects a suite once, then runs it against submissions."""
