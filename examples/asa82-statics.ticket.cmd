asamend fix -f ticket --change-id CHG123 --window 2027-03-01T22:00Z/2027-03-01T23:30Z --esa 10.20.0.25=198.51.100.25 --esa 10.20.0.26=198.51.100.26 examples/asa82-statics.cfg
