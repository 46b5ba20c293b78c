"""The commands of the command line, one module each: command `train` is the function `command` of `train_.py`."""
