asamend fix --explain --esa 192.168.1.1=1.1.1.1 examples/edge-pix.cfg
