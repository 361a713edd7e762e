//go:build wasip1

package bartizan

import (
	"encoding/binary"
	"unsafe"
)

// How the component model lays values out in memory (its CanonicalABI.md): every member at a multiple of its own alignment, a
// text or list as address and length, an option or result as a byte that says which, and then the value.

// kept holds what the host was given or gives, so that it is not collected before the call is over. Every call has an instance
// of its own, so nothing is ever taken out.
var kept [][]byte

// room is memory that stays, at a multiple of eight.
func room(size uint32) []byte {
	words := make([]uint64, size/8+1)
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(words)*8)[:size]
	kept = append(kept, bytes)
	return bytes
}

func address(bytes []byte) uint32 {
	return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(bytes))))
}

//go:wasmexport cabi_realloc
func realloc(old, oldSize, _, size uint32) uint32 {
	fresh := room(size)
	if oldSize > 0 {
		copy(fresh, memory(old, min(oldSize, size)))
	}
	return address(fresh)
}

// memory is what lies at an address that the host gave.
func memory(at, length uint32) []byte {
	if length == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(uintptr(at))), length)
}

// reader takes values from memory, one after the other.
type reader struct{ at uint32 }

func (r *reader) align(to uint32) { r.at = (r.at + to - 1) &^ (to - 1) }

func (r *reader) byte() byte {
	value := memory(r.at, 1)[0]
	r.at++
	return value
}

func (r *reader) word() uint32 {
	r.align(4)
	value := binary.LittleEndian.Uint32(memory(r.at, 4))
	r.at += 4
	return value
}

func (r *reader) text() string {
	at := r.word()
	return string(memory(at, r.word()))
}

func (r *reader) option() *string {
	r.align(4)
	some := r.byte() != 0
	// The text's place is there whether or not it is filled.
	at, length := r.word(), r.word()
	if !some {
		return nil
	}
	text := string(memory(at, length))
	return &text
}

// list takes a list of values, each of which ends at a multiple of four.
func list[T any](r *reader, one func(*reader) T) []T {
	at := r.word()
	length := r.word()
	elements := reader{at}
	values := make([]T, 0, length)
	for range length {
		values = append(values, one(&elements))
		elements.align(4)
	}
	return values
}

// writer lays values out, one after the other.
type writer struct{ bytes []byte }

func (w *writer) align(to int) {
	for len(w.bytes)%to != 0 {
		w.bytes = append(w.bytes, 0)
	}
}

func (w *writer) byte(value byte) { w.bytes = append(w.bytes, value) }

func (w *writer) word(value uint32) {
	w.align(4)
	w.bytes = binary.LittleEndian.AppendUint32(w.bytes, value)
}

func (w *writer) text(text string) {
	place := room(uint32(len(text)))
	copy(place, text)
	w.word(address(place))
	w.word(uint32(len(text)))
}

// option writes an option whose value is one byte; zero is none, and the values begin at one.
func (w *writer) option(value byte) {
	if value == 0 {
		w.bytes = append(w.bytes, 0, 0)
	} else {
		w.bytes = append(w.bytes, 1, value-1)
	}
}

func write[T any](w *writer, values []T, one func(*writer, T)) {
	var elements writer
	for _, value := range values {
		one(&elements, value)
		elements.align(4)
	}
	w.word(elements.settle())
	w.word(uint32(len(values)))
}

// settle puts what was laid out where it stays.
func (w *writer) settle() uint32 {
	w.align(4)
	place := room(uint32(len(w.bytes)))
	copy(place, w.bytes)
	return address(place)
}
