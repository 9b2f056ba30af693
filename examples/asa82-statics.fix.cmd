asamend fix --esa 10.20.0.25=198.51.100.25 --esa 10.20.0.26=198.51.100.26 examples/asa82-statics.cfg
