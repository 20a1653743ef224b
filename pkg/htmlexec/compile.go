package htmlexec

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"text/template/parse"
)

// compiler turns the trees of a set of templates into blocks.
type compiler struct {
	set     *template.Template
	funcs   template.FuncMap
	program *Program

	// Of the block that is being compiled.
	scope []string // names of the variables that can be seen, by slot; hidden ones are ""
}

func unknown(format string, args ...any) error {
	return fmt.Errorf("not compiled: "+format, args...)
}

// block compiles a named template, once.
func (c *compiler) block(name string) (*block, error) {
	if b := c.program.blocks[name]; b != nil {
		return b, nil
	}
	t := c.set.Lookup(name)
	if t == nil || t.Tree == nil {
		return nil, unknown("there is no template %q as such; it may be one that is called within a tag", name)
	}
	b := &block{name: name}
	c.program.blocks[name] = b // before its body, which may call it
	outer := c.scope
	c.scope = []string{"$"}
	body, err := c.list(t.Tree.Root)
	b.body, b.slots = body, len(c.scope)
	c.scope = outer
	return b, err
}

func (c *compiler) list(l *parse.ListNode) ([]node, error) {
	if l == nil {
		return nil, nil
	}
	var body []node
	for _, n := range l.Nodes {
		compiled, err := c.node(n)
		if err != nil {
			return nil, err
		}
		if compiled != nil {
			body = append(body, compiled)
		}
	}
	return body, nil
}

func (c *compiler) node(n parse.Node) (node, error) {
	switch n := n.(type) {
	case *parse.TextNode:
		text := n.Text
		return func(s *state, _ reflect.Value) error {
			s.out.Write(text)
			return nil
		}, nil
	case *parse.CommentNode:
		return nil, nil
	case *parse.ActionNode:
		return c.action(n)
	case *parse.IfNode:
		return c.branch(&n.BranchNode, false)
	case *parse.WithNode:
		return c.branch(&n.BranchNode, true)
	case *parse.RangeNode:
		return c.loop(n)
	case *parse.TemplateNode:
		return c.call(n)
	}
	return nil, unknown("%s", n)
}

// scoped compiles what stands within a branch, and hides its variables afterwards. Each
// variable of a block has a slot of its own.
func (c *compiler) scoped(compile func() error) error {
	outer := len(c.scope)
	err := compile()
	for i := outer; i < len(c.scope); i++ {
		c.scope[i] = ""
	}
	return err
}

func (c *compiler) declare(name string) int {
	c.scope = append(c.scope, name)
	return len(c.scope) - 1
}

func (c *compiler) slot(name string) (int, error) {
	for i := len(c.scope) - 1; i >= 0; i-- {
		if c.scope[i] == name {
			return i, nil
		}
	}
	return 0, unknown("variable %s", name)
}

// action compiles {{pipeline}}: a value to write, or a variable to set.
func (c *compiler) action(n *parse.ActionNode) (node, error) {
	if len(n.Pipe.Decl) > 0 {
		p, err := c.pipeline(n.Pipe, false)
		if err != nil {
			return nil, err
		}
		var slot int
		if n.Pipe.IsAssign {
			slot, err = c.slot(n.Pipe.Decl[0].Ident[0])
		} else {
			slot = c.declare(n.Pipe.Decl[0].Ident[0])
		}
		return func(s *state, dot reflect.Value) error {
			v, err := p(s, dot)
			s.set(slot, v)
			return err
		}, err
	}
	cmds, escapers, err := splitEscapers(n.Pipe.Cmds)
	if err != nil {
		return nil, err
	}
	if direct, err := c.direct(cmds, escapers); direct != nil || err != nil {
		return direct, err
	}
	p, err := c.commands(cmds)
	if err != nil {
		return nil, err
	}
	write, err := writerFor(escapers)
	if err != nil {
		return nil, err
	}
	return func(s *state, dot reflect.Value) error {
		v, err := p(s, dot)
		if err != nil {
			return err
		}
		return write(s.out, v)
	}, nil
}

// direct compiles the call of a Writer between tags, which needs no value in between.
func (c *compiler) direct(cmds []*parse.CommandNode, escapers []string) (node, error) {
	id, ok := cmds[0].Args[0].(*parse.IdentifierNode)
	if !ok || len(cmds) != 1 || len(escapers) != 1 || escapers[0] != "htmlescaper" {
		return nil, nil
	}
	write, ok := c.funcs[id.Ident].(Writer)
	if !ok || len(cmds[0].Args) != 2 {
		return nil, nil
	}
	arg, err := c.arg(cmds[0].Args[1])
	return func(s *state, dot reflect.Value) error {
		v, err := arg(s, dot)
		if err != nil {
			return err
		}
		html, err := write(s.out.AvailableBuffer(), v)
		s.out.Write(html)
		return err
	}, err
}

// splitEscapers takes the escapers that html/template has added off a pipeline's end.
func splitEscapers(cmds []*parse.CommandNode) (rest []*parse.CommandNode, escapers []string, err error) {
	at := len(cmds)
	for at > 0 {
		id, ok := cmds[at-1].Args[0].(*parse.IdentifierNode)
		if !ok || !strings.HasPrefix(id.Ident, "_html_template_") {
			break
		}
		at--
	}
	for _, cmd := range cmds[at:] {
		escapers = append(escapers, strings.TrimPrefix(cmd.Args[0].(*parse.IdentifierNode).Ident, "_html_template_"))
	}
	if at == 0 || len(escapers) == 0 {
		return nil, nil, unknown("a pipeline without an escaper: the template was not executed yet")
	}
	return cmds[:at], escapers, nil
}

// branch compiles {{if}} and {{with}}.
func (c *compiler) branch(n *parse.BranchNode, with bool) (node, error) {
	var p expr
	var body, otherwise []node
	err := c.scoped(func() (err error) {
		if p, err = c.pipeline(n.Pipe, true); err != nil {
			return err
		}
		declared := -1
		if len(n.Pipe.Decl) > 0 {
			declared = c.declare(n.Pipe.Decl[0].Ident[0])
			inner := p
			p = func(s *state, dot reflect.Value) (reflect.Value, error) {
				v, err := inner(s, dot)
				s.set(declared, v)
				return v, err
			}
		}
		if err = c.scoped(func() (err error) { body, err = c.list(n.List); return err }); err != nil {
			return err
		}
		return c.scoped(func() (err error) { otherwise, err = c.list(n.ElseList); return err })
	})
	return func(s *state, dot reflect.Value) error {
		v, err := p(s, dot)
		if err != nil {
			return err
		}
		if !isTrue(v) {
			return s.run(otherwise, dot)
		}
		if with {
			dot = v
		}
		return s.run(body, dot)
	}, err
}

// loop compiles {{range}} over a list.
func (c *compiler) loop(n *parse.RangeNode) (node, error) {
	var p expr
	var body, otherwise []node
	index, element := -1, -1
	err := c.scoped(func() (err error) {
		if p, err = c.pipeline(n.Pipe, true); err != nil {
			return err
		}
		switch decl := n.Pipe.Decl; {
		case n.Pipe.IsAssign:
			return unknown("%s", n)
		case len(decl) == 1:
			element = c.declare(decl[0].Ident[0])
		case len(decl) == 2:
			index, element = c.declare(decl[0].Ident[0]), c.declare(decl[1].Ident[0])
		}
		if err = c.scoped(func() (err error) { body, err = c.list(n.List); return err }); err != nil {
			return err
		}
		return c.scoped(func() (err error) { otherwise, err = c.list(n.ElseList); return err })
	})
	return func(s *state, dot reflect.Value) error {
		v, err := p(s, dot)
		if err != nil {
			return err
		}
		v = indirect(v)
		if v.IsValid() && v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
			return fmt.Errorf("range over a %s", v.Type())
		}
		if !v.IsValid() || v.Len() == 0 {
			return s.run(otherwise, dot)
		}
		for i := range v.Len() {
			if index >= 0 {
				s.set(index, reflect.ValueOf(i))
			}
			if element >= 0 {
				s.set(element, v.Index(i))
			}
			if err := s.run(body, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// call compiles {{template}}.
func (c *compiler) call(n *parse.TemplateNode) (node, error) {
	b, err := c.block(n.Name)
	if err != nil {
		return nil, err
	}
	if n.Pipe == nil {
		return func(s *state, _ reflect.Value) error { return s.call(b, reflect.Value{}) }, nil
	}
	p, err := c.pipeline(n.Pipe, false)
	return func(s *state, dot reflect.Value) error {
		v, err := p(s, dot)
		if err != nil {
			return err
		}
		return s.call(b, v)
	}, err
}
