// Checks what Hearsay wrote with the tools of Go's checksum database: a signed checkpoint, proofs of inclusion (C2SP
// tlog-proof), and a proof of consistency (the body of C2SP tlog-witness's add-checkpoint).
//
// check KEY checkpoint NOTE
// check KEY inclusion PROOF ENVELOPE
// check KEY consistency REQUEST OLD-ROOT
package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("holds")
}

func run(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("too few arguments")
	}
	file, err := os.ReadFile(args[2])
	if err != nil {
		return err
	}
	if args[1] != "checkpoint" && len(args) < 4 {
		return fmt.Errorf("too few arguments")
	}
	switch args[1] {
	case "checkpoint":
		_, err := open(args[0], file)
		return err
	case "inclusion":
		return inclusion(args[0], file, args[3])
	case "consistency":
		return consistency(args[0], file, args[3])
	}
	return fmt.Errorf("no check is named %q", args[1])
}

// open verifies a note and reads its checkpoint.
func open(key string, msg []byte) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tree, fmt.Errorf("no checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// split takes a head of lines, its hashes parsed, and the note that follows an empty line.
func split(file []byte, lead int) ([]string, []tlog.Hash, []byte, error) {
	head, msg, found := bytes.Cut(file, []byte("\n\n"))
	if !found {
		return nil, nil, nil, fmt.Errorf("no empty line")
	}
	lines := strings.Split(string(head), "\n")
	if len(lines) < lead {
		return nil, nil, nil, fmt.Errorf("too few lines")
	}
	var hashes []tlog.Hash
	for _, line := range lines[lead:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, nil, nil, err
		}
		hashes = append(hashes, hash)
	}
	return lines[:lead], hashes, msg, nil
}

func inclusion(key string, file []byte, envelope string) error {
	lead, hashes, msg, err := split(file, 2)
	if err != nil {
		return err
	}
	if lead[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("no tlog-proof: %q", lead[0])
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lead[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	tree, err := open(key, msg)
	if err != nil {
		return err
	}
	body, err := os.ReadFile(envelope)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(hashes), tree.N, tree.Hash, index, tlog.RecordHash(body))
}

func consistency(key string, file []byte, oldRoot string) error {
	lead, hashes, msg, err := split(file, 1)
	if err != nil {
		return err
	}
	old, err := strconv.ParseInt(strings.TrimPrefix(lead[0], "old "), 10, 64)
	if err != nil {
		return err
	}
	tree, err := open(key, msg)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(oldRoot)
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(hashes), tree.N, tree.Hash, old, root)
}
