package apispec

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is copied for grpcurl is JSON that protobuf takes: one of a oneof, bytes in base64,
// well-known types in their own ways, keys of maps that fit.
func TestProtobufExamples(t *testing.T) {
	s, found := readText(t, "a.proto", `syntax = "proto3";
// About the package.
package a.v1;
import "google/protobuf/empty.proto";
service S {
  option deprecated = true;
  rpc Ping(google.protobuf.Empty) returns (M);
}
message M {
  oneof o { string a = 1; int32 b = 2; }
  bytes c = 3;
  map<int32, string> d = 4;
  google.protobuf.Duration e = 5;
  other.Thing f = 6;
  M again = 7;
}
`)
	if len(found) > 0 {
		t.Fatal(said(found))
	}
	op := s.Operations()[0]
	if want := "grpcurl -d '{}' \\\n  HOST:PORT 'a.v1.S/Ping'"; op.Command != want {
		t.Errorf("the call is %s, want %s", op.Command, want)
	}
	want := `{
  "a": "a",
  "c": "U2lnbnBvc3Q=",
  "d": {
    "1": "string"
  },
  "e": "1.5s",
  "f": {}
}`
	if diff := cmp.Diff(want, op.Responses[0].Bodies[0].Example); diff != "" {
		t.Errorf("example (-want +got):\n%s", diff)
	}
	if !op.Deprecated || s.Description != "About the package." {
		t.Errorf("deprecated: %t, description: %q", op.Deprecated, s.Description)
	}
}

// Groups and defaults of proto2 are fields.
func TestProtobuf2(t *testing.T) {
	s, found := readText(t, "a.proto", "syntax = \"proto2\";\nmessage A {\n  optional int32 n = 1 [default = 7];\n  repeated group Result = 2 { required string url = 1; }\n}\n")
	if len(found) > 0 {
		t.Fatal(said(found))
	}
	var got []string
	for _, ty := range s.Types {
		for _, f := range ty.Schema.Fields {
			got = append(got, fmt.Sprintf("%s.%s %s = %d %s", ty.Name, f.Name, s.Words(f.Schema), f.Number, f.Default))
		}
	}
	if diff := cmp.Diff([]string{"A.n int32 = 1 7", "A.result array of A.Result = 2 ", "A.Result.url string = 1 "}, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}
