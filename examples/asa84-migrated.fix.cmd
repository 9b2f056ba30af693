asamend fix --esa 192.168.1.25 examples/asa84-migrated.cfg
