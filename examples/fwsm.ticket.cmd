asamend fix -f ticket --change-id CHG123 --window 2027-03-01T22:00Z/2027-03-01T23:30Z --esa 10.9.0.25=203.0.113.25 examples/fwsm.cfg
