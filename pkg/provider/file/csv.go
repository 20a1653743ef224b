package file

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider/fact"
)

// csv reads rows of one kind below a row with the names of columns.
func (r *reading) csv(name string, data []byte) error {
	c := csv.NewReader(bytes.NewReader(data))
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("it is empty; the first row has to name the columns")
	}
	if err != nil {
		return err
	}
	types := columns(kinds[name].of)
	for i, column := range header {
		header[i] = strings.TrimSpace(column)
		if types[header[i]] == nil {
			return fmt.Errorf("%s have no column %q", name, fact.Name(column))
		}
	}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := c.FieldPos(0)
		one := map[string]any{}
		for i, cell := range row {
			if one[header[i]], err = typed(types[header[i]], strings.TrimSpace(cell)); err != nil {
				return fmt.Errorf("line %d, column %s: %w", line, header[i], err)
			}
			if one[header[i]] == nil {
				delete(one, header[i])
			}
		}
		if err := r.add(name, one, fmt.Sprintf("line %d", line)); err != nil {
			return err
		}
	}
}

// columns returns the types of the fields of a fact that fit into a cell, by their names
// in JSON.
func columns(of reflect.Type) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(of) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fits := f.Type.Kind() != reflect.Slice || f.Type.Elem().Kind() == reflect.String
		if name != "" && fits {
			types[name] = f.Type
		}
	}
	return types
}

// typed returns what a cell holds as JSON would have it; nothing for an empty one.
func typed(of reflect.Type, cell string) (any, error) {
	switch {
	case cell == "":
		return nil, nil
	case of == reflect.TypeFor[time.Time]():
		if _, err := time.Parse(time.RFC3339, cell); err != nil {
			return nil, fmt.Errorf("%q is no time such as 2026-11-20T10:00:00Z", fact.Name(cell))
		}
		return cell, nil
	}
	switch of.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(cell)
		if err != nil {
			return nil, fmt.Errorf("%q is neither true nor false", fact.Name(cell))
		}
		return b, nil
	case reflect.Int, reflect.Float64:
		if !json.Valid([]byte(cell)) || strings.Trim(cell, "+-.0123456789eE") != "" {
			return nil, fmt.Errorf("%q is no number", fact.Name(cell))
		}
		return json.Number(cell), nil
	case reflect.Slice:
		var all []any
		for part := range strings.SplitSeq(cell, ";") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
		return all, nil
	}
	return cell, nil
}
