package store

import (
	"bytes"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// individualKeys are what lists of orders ask of an individual: the common name, the same folded, a NUL, and the folded
// email address, as one text.
type individualKeys struct {
	text     []byte
	nameAt   int // where the folded name begins
	nameEnds int // where it ends, at the NUL
}

func (k *individualKeys) commonName() []byte { return k.text[:k.nameAt] }

func (k *individualKeys) name() []byte { return k.text[k.nameAt:k.nameEnds] }

func (k *individualKeys) email() []byte {
	if k.text == nil {
		return nil
	}
	return k.text[k.nameEnds+1:]
}

// both is the folded name and the folded email address.
func (k *individualKeys) both() []byte { return k.text[k.nameAt:] }

// texts holds the texts of individuals one after the other, in pieces that are full or nearly so.
type texts struct{ piece []byte }

const pieceSize = 64 << 10

// keys makes the keys of an individual.
func (t *texts) keys(individual domain.Individual) individualKeys {
	name := individual.CommonName()
	folded, email := domain.Fold(name), domain.Fold(individual.Email)
	size := len(name) + len(folded) + 1 + len(email)
	if cap(t.piece)-len(t.piece) < size {
		t.piece = make([]byte, 0, max(size, min(pieceSize, 2*cap(t.piece)+1<<10))) // an account begins small
	}
	begin := len(t.piece)
	t.piece = append(t.piece, name...)
	t.piece = append(t.piece, folded...)
	t.piece = append(t.piece, 0)
	t.piece = append(t.piece, email...)
	return individualKeys{
		text: t.piece[begin:len(t.piece):len(t.piece)], nameAt: len(name), nameEnds: len(name) + len(folded),
	}
}

// A needle is a text to look for, as it lies in the memory of the texts.
type needle struct {
	text []byte
	part bool
}

type needleList []needle

func needles(f *domain.Filter) needleList {
	list := make(needleList, len(f.Texts))
	for i, text := range f.Texts {
		list[i] = needle{[]byte(text.Folded), text.Part}
	}
	return list
}

// in tells whether one of the texts is found, as [domain.Filter.HasText] does.
func (n needleList) in(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	for i := range n {
		if n[i].part && bytes.Contains(text, n[i].text) || bytes.Equal(text, n[i].text) {
			return true
		}
	}
	return false
}
