asamend fix --esa 192.168.5.25=192.0.2.25 examples/pix70.cfg
