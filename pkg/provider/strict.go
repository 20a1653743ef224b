package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// mostDepth is how deep JSON may be nested. No system that we know needs a tenth of it.
const mostDepth = 200

// decode decodes the one JSON value of an answer. A caller that wants nothing gives nil.
func decode(data []byte, into any) error {
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("the answer is not what the system documents: %w", err)
	}
	return nil
}

// Strict refuses JSON that is cut, has no end to its depth, numbers that are none (RFC 8259
// knows no NaN), or one key twice in an object, of which every reader takes another.
func Strict(data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return errors.New("the answer is empty")
	}
	if deeper(data, mostDepth) {
		return fmt.Errorf("the answer is nested deeper than %d levels", mostDepth)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if err := value(d); err != nil {
		return fmt.Errorf("the answer is no JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the JSON of the answer")
	}
	return nil
}

// deeper looks at brackets only, so that it needs neither stack nor memory.
func deeper(data []byte, most int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			if depth++; depth > most {
				return true
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return false
}

// value reads one value.
func value(d *json.Decoder) error {
	token, err := d.Token()
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return object(d)
	case json.Delim('['):
		for d.More() {
			if err := value(d); err != nil {
				return err
			}
		}
		return end(d)
	}
	return nil
}

func object(d *json.Decoder) error {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string) // the decoder lets nothing else stand here
		if seen[key] {
			return fmt.Errorf("the key %q is there twice in one object", line(key))
		}
		seen[key] = true
		if err := value(d); err != nil {
			return err
		}
	}
	return end(d)
}

// end reads the bracket at the end.
func end(d *json.Decoder) error {
	_, err := d.Token()
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
