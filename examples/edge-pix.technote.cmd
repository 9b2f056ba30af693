asamend fix --form technote --esa 192.168.1.1=1.1.1.1 examples/edge-pix.cfg
