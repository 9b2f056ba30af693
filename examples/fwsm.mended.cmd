asamend fix --esa 10.9.0.25=203.0.113.25 examples/fwsm.cfg | asamend audit --apply - --esa 10.9.0.25=203.0.113.25 examples/fwsm.cfg
