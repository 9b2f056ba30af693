#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/registry.sh NAME
# Fetches a package of the npm registry that tests need, once, into build/registry/NAME, and
# prints that folder. Nothing of it is installed or run by npm. Version and hash are fixed here.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1-} in
sarif-schema) # 23 kB: the SARIF 2.1.0 schema of OASIS, as Microsoft ships it
	package=@microsoft/jest-sarif version=1.0.0-beta.0
	sha512=0357ce84f77a21ce620e4e05f583f0d6a341e1717eefe22f891ef197caf617a433424c7972963d2ec1a4dab1318852047016e3a559d29b058606e9004a4890f4
	;;
sarif-multitool) # 44 MB: Microsoft's validator of SARIF
	package=@microsoft/sarif-multitool-linux version=5.7.0
	sha512=37151ba6ae884825a84d0fcd7ce604c040caab51de91afeb3282794792ccc9d7006505ff5fb8399961dc8310ee6fed0cd3b2c2f7ab59e4b647bc5d50cb78234c
	;;
*)
	echo "usage: $0 sarif-schema|sarif-multitool" >&2
	exit 2
	;;
esac

folder=build/registry/$1
if [ ! -d "$folder" ]; then
	mkdir -p build/registry
	new=$(mktemp -d build/registry/new.XXXXXX)
	trap 'rm -rf "$new"' EXIT
	if command -v npm >/dev/null; then
		(cd "$new" && npm pack --silent --prefer-offline --fetch-retries=1 \
			--fetch-retry-mintimeout=1000 --fetch-timeout=120000 "$package@$version" >/dev/null)
	else
		registry=${npm_config_registry:-https://registry.npmjs.org}
		curl -fsSL --retry 2 --connect-timeout 20 --max-time 300 -o "$new/package.tgz" \
			"${registry%/}/$package/-/${package##*/}-$version.tgz"
	fi
	mv "$new"/*.tgz "$new/package.tgz" 2>/dev/null || true # npm has names of its own
	echo "$sha512  $new/package.tgz" | sha512sum --check --quiet
	tar -xzf "$new/package.tgz" -C "$new" --no-same-owner
	mv "$new/package" "$folder"
fi
echo "$PWD/$folder"
