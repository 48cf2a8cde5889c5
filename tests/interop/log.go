// log verifies what tanji makes of a log with nothing of tanji's: Go's x/mod, as Debian
// packages it.
//
//	log tree PUBLIC VKEY OLD...	the checkpoint's signature, the tree's hash from tiles,
//					every entry against its leaf hash, the inclusion of many,
//					and the growth from each OLD checkpoint
//	log proof FILE VKEY PROOF	a tlog-proof@v1 of a file, as kind decl without a tag
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func refuse(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		refuse("%v", err)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

// head opens a signed checkpoint: origin, size, root.
func head(data []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	must(err)
	n, err := note.Open(data, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		refuse("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

// tiles reads C2SP tiles; x/mod writes the height into its paths.
type tiles struct{ folder string }

func (t tiles) Height() int                     { return height }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range want {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func entryPath(n int64, width int) string {
	tile := tlog.Tile{H: height, L: 0, N: n, W: width}
	return strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
}

// entries checks each entry of the log against the hash that the verified tree has of it.
func entries(folder string, tree tlog.Tree, hashes tlog.HashReader) {
	for n := int64(0); n*256 < tree.N; n++ {
		width := int(tree.N - n*256)
		if width > 256 {
			width = 256
		}
		data := read(filepath.Join(folder, entryPath(n, width)))
		var index []int64
		for i := 0; i < width; i++ {
			index = append(index, tlog.StoredHashIndex(0, n*256+int64(i)))
		}
		want, err := hashes.ReadHashes(index)
		must(err)
		for i := 0; i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				refuse("bundle %d is cut off", n)
			}
			size := int(binary.BigEndian.Uint16(data))
			if tlog.RecordHash(data[2:2+size]) != want[i] {
				refuse("entry %d is not what the tree has", n*256+int64(i))
			}
			data = data[2+size:]
		}
		if len(data) != 0 {
			refuse("bundle %d has bytes behind its entries", n)
		}
	}
}

func tree(args []string) {
	folder, vkey := args[0], args[1]
	t := head(read(filepath.Join(folder, "checkpoint")), vkey)
	hashes := tlog.TileHashReader(t, tiles{folder})
	root, err := tlog.TreeHash(t.N, hashes)
	must(err)
	if root != t.Hash {
		refuse("the tiles do not give the root")
	}
	entries(folder, t, hashes)
	proven := 0
	for i := int64(0); i < t.N; i += 1 + t.N/500 {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
		must(err)
		proof, err := tlog.ProveRecord(t.N, i, hashes)
		must(err)
		must(tlog.CheckRecord(proof, t.N, t.Hash, i, leaf[0]))
		proven++
	}
	for _, path := range args[2:] {
		old := head(read(path), vkey)
		if old.N == 0 {
			continue
		}
		proof, err := tlog.ProveTree(t.N, old.N, hashes)
		must(err)
		must(tlog.CheckTree(proof, t.N, t.Hash, old.N, old.Hash))
	}
	fmt.Printf("%d leaves, %d inclusions, growth from %d heads\n", t.N, proven, len(args)-2)
}

func proof(args []string) {
	file, vkey, data := read(args[0]), args[1], read(args[2])
	at := bytes.Index(data, []byte("\n\n"))
	if at < 0 {
		refuse("no empty line")
	}
	t := head(data[at+2:], vkey)
	lines := strings.Split(string(data[:at]), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		refuse("not a tlog-proof")
	}
	index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
	must(err)
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := base64.StdEncoding.DecodeString(line)
		must(err)
		var h tlog.Hash
		copy(h[:], hash)
		path = append(path, h)
	}
	entry := fmt.Sprintf("tanji-leaf/v1\ndecl\n%x\n-\n", sha256.Sum256(file))
	must(tlog.CheckRecord(path, t.N, t.Hash, index, tlog.RecordHash([]byte(entry))))
	fmt.Printf("%s is leaf %d of %d\n", args[0], index, t.N)
}

func main() {
	if len(os.Args) < 4 {
		refuse("log tree PUBLIC VKEY OLD... | log proof FILE VKEY PROOF")
	}
	switch os.Args[1] {
	case "tree":
		tree(os.Args[2:])
	case "proof":
		proof(os.Args[2:])
	default:
		refuse("tree or proof")
	}
}
