asamend fix --esa 192.168.1.1=1.1.1.1 examples/edge-pix.cfg | asamend diff --apply - --esa 192.168.1.1=1.1.1.1 examples/edge-pix.cfg
