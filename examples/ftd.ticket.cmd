asamend fix -f ticket --change-id CHG123 --window 2027-03-01T22:00Z/2027-03-01T23:30Z --esa 10.60.0.25=203.0.113.1 examples/ftd.cfg
