asamend audit examples/asa9-default.cfg
