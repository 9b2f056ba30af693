asamend fix -f ticket --change-id CHG123 --window 2027-03-01T22:00Z/2027-03-01T23:30Z --esa 192.168.5.25=192.0.2.25 examples/pix70.cfg
