"""The verbs of the command line, one module each: verb `train` is the function `command` of `train_.py`."""
