asamend fix -f ticket --change-id CHG123 --window 2027-03-01T22:00Z/2027-03-01T23:30Z -p examples/site.yaml examples/quarantine.cfg
