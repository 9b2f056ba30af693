asamend fix --esa 192.168.1.25=192.0.2.25 examples/pix63.cfg | asamend audit --apply - --esa 192.168.1.25=192.0.2.25 examples/pix63.cfg
