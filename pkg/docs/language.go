package docs

import "strings"

// languages maps the words that may stand behind the fence of a code block.
var languages = func() map[string]*language {
	m := map[string]*language{}
	add := func(names string, l language) {
		for _, name := range strings.Fields(names) {
			m[name] = &l
		}
	}
	add("sh bash shell zsh ksh console shell-session sh-session terminal", language{
		comments: []string{"#"}, quotes: `"'`, variable: '$', prompt: true, commands: true, wordBytes: "./-",
		words: words("if then else elif fi for while until do done case esac in function return local export readonly set unset exit source trap"),
	})
	add("dockerfile docker", language{
		comments: []string{"#"}, quotes: `"'`, variable: '$', fold: true,
		words: words("from run cmd label expose env add copy entrypoint volume user workdir arg onbuild stopsignal healthcheck shell as"),
	})
	add("yaml yml", language{
		comments: []string{"#"}, quotes: `"'`, key: ':', wordBytes: "-./$",
		words: words("true false null yes no on off"),
	})
	add("json json5 jsonc", language{
		comments: []string{"//"}, block: [2]string{"/*", "*/"}, quotes: `"`, key: ':', words: words("true false null"),
	})
	add("ini toml properties cfg conf env editorconfig", language{
		comments: []string{"#", ";"}, quotes: `"'`, key: '=', wordBytes: "-.", words: words("true false on off yes no"),
	})
	add("hcl terraform tf", language{
		comments: []string{"#", "//"}, block: [2]string{"/*", "*/"}, quotes: `"`, key: '=',
		words: words("resource data variable output locals module provider terraform for in if true false null"),
	})
	add("go golang", language{
		comments: []string{"//"}, block: [2]string{"/*", "*/"}, quotes: `"'`, long: []string{"`"},
		words: words("break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false"),
	})
	add("python py python3", language{
		comments: []string{"#"}, quotes: `"'`, long: []string{`"""`, "'''"},
		words: words("and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case None True False self"),
	})
	add("ruby rb", language{
		comments: []string{"#"}, quotes: `"'`, wordBytes: "?@",
		words: words("alias and begin break case class def defined? do else elsif end ensure for if in module next nil not or redo rescue retry return self super then true false undef unless until when while yield require"),
	})
	script := language{
		comments: []string{"//"}, block: [2]string{"/*", "*/"}, quotes: `"'`, long: []string{"`"},
		words: words("async await break case catch class const continue debugger default delete do else enum export extends finally for from function if implements import in instanceof interface let new null of package private protected public return static super switch this throw try type typeof undefined var void while with yield true false"),
	}
	add("javascript js jsx typescript ts tsx mjs mongo", script)
	add("java kotlin kt groovy scala c h cpp c++ cc cs csharp rust rs swift php proto protobuf jsonnet libsonnet", language{
		comments: []string{"//"}, block: [2]string{"/*", "*/"}, quotes: `"'`,
		words: words("abstract as assert async await bool boolean break byte case catch char class const constexpr continue crate default delete do double else enum export extends extern final finally float fn for from func fun function if impl implements import in include inline instanceof int interface let local long loop match message mod mut namespace new nil null object optional package private protected pub public ref repeated return rpc self service short signed sizeof static string struct super switch template this throw throws trait true false try type typedef union unsafe unsigned use using val var virtual void volatile when where while"),
	})
	add("sql postgresql postgres psql mysql plpgsql", language{
		comments: []string{"--"}, block: [2]string{"/*", "*/"}, quotes: `"'`, fold: true,
		words: words("select from where and or not in is null as on join left right inner outer full cross group by order having limit offset union all distinct insert into values update set delete create table index view alter drop add column primary key foreign references default unique check constraint begin commit rollback transaction with recursive case when then else end exists between like ilike explain analyze vacuum grant revoke to true false asc desc interval count sum avg min max"),
	})
	add("promql logql metricsql", language{
		comments: []string{"#"}, quotes: "\"'`", wordBytes: ":",
		words: words("by without on ignoring group_left group_right offset bool and or unless sum avg min max count stddev topk bottomk quantile rate irate increase histogram_quantile absent label_replace time vector clamp_max clamp_min delta deriv predict_linear avg_over_time max_over_time min_over_time sum_over_time count_over_time"),
	})
	add("html xml svg xhtml plist", language{block: [2]string{"<!--", "-->"}, quotes: `"'`, tags: true, wordBytes: "-:"})
	add("css scss less", language{block: [2]string{"/*", "*/"}, quotes: `"'`, key: ':', wordBytes: "-"})
	add("lua", language{comments: []string{"--"}, quotes: `"'`, words: words("and break do else elseif end false for function goto if in local nil not or repeat return then true until while")})
	add("make makefile", language{comments: []string{"#"}, quotes: `"'`, variable: '$', key: ':', wordBytes: "-./", words: words("ifdef ifndef ifeq ifneq else endif include define endef export override")})
	add("nginx", language{comments: []string{"#"}, quotes: `"'`, variable: '$', words: words("server location upstream http events if return rewrite proxy_pass listen server_name root include set")})
	return m
}()

func words(list string) map[string]string {
	m := map[string]string{}
	for _, w := range strings.Fields(list) {
		m[w] = "k"
	}
	return m
}
