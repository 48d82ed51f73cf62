package bench

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"strings"

	"shingle/internal/record"
)

// tape keeps what is written through an engine: every statement that changes rows, with its arguments, of
// every transaction that is committed, in order. Reading is not kept.
//
// It keeps them as bytes, for which the garbage collector has nothing to do: the tape should not slow
// down what it listens to. Only the record's appender writes to it; it is read when the record is closed.
type tape struct {
	queries      []string
	numbers      map[string]int // of the queries
	transactions [][]byte
}

// statement is one that was executed.
type statement struct {
	query string
	args  []any
}

// wrap returns the engine with the tape running.
func (t *tape) wrap(e record.Engine) record.Engine {
	t.numbers = map[string]int{}
	return taped{e, t}
}

type taped struct {
	record.Engine
	tape *tape
}

func (e taped) Begin(ctx context.Context) (record.Tx, error) {
	tx, err := e.Engine.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &tapedTx{Tx: tx, tape: e.tape}, nil
}

type tapedTx struct {
	record.Tx
	tape    *tape
	written []byte
}

func (t *tapedTx) Exec(query string, args ...any) {
	// A notification to other nodes changes no row.
	if !strings.HasPrefix(query, "SELECT") {
		t.written = t.tape.append(t.written, query, args)
	}
	t.Tx.Exec(query, args...)
}

func (t *tapedTx) Commit(ctx context.Context) error {
	err := t.Tx.Commit(ctx)
	if err == nil && len(t.written) > 0 {
		t.tape.transactions = append(t.tape.transactions, t.written)
	}
	return err
}

// append writes a statement behind b.
func (t *tape) append(b []byte, query string, args []any) []byte {
	n, ok := t.numbers[query]
	if !ok {
		n = len(t.queries)
		t.numbers[query] = n
		t.queries = append(t.queries, query)
	}
	b = binary.AppendUvarint(b, uint64(n))
	b = binary.AppendUvarint(b, uint64(len(args)))
	for _, arg := range args {
		switch v := arg.(type) {
		case int64:
			b = binary.AppendVarint(append(b, 'i'), v)
		case string:
			b = append(binary.AppendUvarint(append(b, 's'), uint64(len(v))), v...)
		case []byte:
			b = append(binary.AppendUvarint(append(b, 'b'), uint64(len(v))), v...)
		default:
			switch v := reflect.ValueOf(arg); v.Kind() {
			case reflect.Int, reflect.Int32:
				b = binary.AppendVarint(append(b, 'i'), v.Int())
			case reflect.String:
				b = append(binary.AppendUvarint(append(b, 's'), uint64(v.Len())), v.String()...)
			default:
				panic(fmt.Sprintf("bench: a statement has an argument of type %T", arg))
			}
		}
	}
	return b
}

// statements reads a transaction back.
func (t *tape) statements(transaction []byte) (all []statement) {
	number := func() uint64 {
		n, size := binary.Uvarint(transaction)
		transaction = transaction[size:]
		return n
	}
	for len(transaction) > 0 {
		s := statement{query: t.queries[number()]}
		s.args = make([]any, number())
		for i := range s.args {
			kind := transaction[0]
			transaction = transaction[1:]
			if kind == 'i' {
				n, size := binary.Varint(transaction)
				s.args[i], transaction = n, transaction[size:]
				continue
			}
			size := number()
			if kind == 's' {
				s.args[i] = string(transaction[:size])
			} else {
				s.args[i] = transaction[:size:size]
			}
			transaction = transaction[size:]
		}
		all = append(all, s)
	}
	return all
}
