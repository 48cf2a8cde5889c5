# modules.sh: read by what uses npm's packages; $root and $modules are set.  What npm has is kept
# between runs in $modules; the lock file says what it must be.  The page's own scripts lie beside
# it, below a package.json that calls them modules: Debian's node goes by that alone.
mkdir -p "$modules/page"
cp "$root"/exchange/web/*.js "$modules/page"
cp "$root"/tests/web/package.json "$root"/tests/web/package-lock.json "$root"/tests/web/*.mjs \
	"$modules"
cmp -s "$modules/package-lock.json" "$modules/node_modules/installed" || {
	npm ci --prefix "$modules" --ignore-scripts --no-audit --no-fund > "$scratch/npm" 2>&1 ||
		{ cat "$scratch/npm"; fail "npm ci failed"; }
	cp "$modules/package-lock.json" "$modules/node_modules/installed"
}
