asamend fix --esa 10.20.0.25=203.0.113.25 --esa 10.20.0.26=203.0.113.26 examples/asa9-exempt.cfg
