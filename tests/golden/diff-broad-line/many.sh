# Usage: sh many.sh N: a config with N lines in each of its two access-lists.
cat head.cfg
for i in $(seq "$1"); do
	echo "access-list out extended permit tcp any host 10.1.1.$((i % 250)) eq $i"
	echo "access-list class extended permit tcp any host 10.1.1.$((i % 250)) eq $i"
done
