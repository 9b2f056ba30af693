asamend fix --form technote -f ticket --change-id CHG123 --window 2027-03-01T22:00Z/2027-03-01T23:30Z --esa 192.168.1.1=1.1.1.1 examples/edge-pix.cfg
