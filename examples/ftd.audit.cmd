asamend audit --esa 10.60.0.25=203.0.113.1 examples/ftd.cfg
