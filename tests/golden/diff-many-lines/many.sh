# Usage: sh many.sh N ACTION: a config with N lines that do not meet.
cat head.cfg
for i in $(seq "$1"); do
	echo "access-list out extended $2 tcp host 198.18.$((i / 250)).$((i % 250)) host 10.1.1.9 eq $i"
done
