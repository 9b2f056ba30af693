asamend fix --esa 192.168.1.25 examples/asa84-migrated.cfg | asamend audit --apply - --esa 192.168.1.25 examples/asa84-migrated.cfg
