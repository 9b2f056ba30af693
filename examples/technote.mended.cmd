asamend fix --esa 10.1.1.25 examples/technote.cfg | asamend audit --apply - --esa 10.1.1.25 examples/technote.cfg
