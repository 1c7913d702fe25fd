import { beforeAll, describe, expect, test } from "vitest";
import { findTemplateProblem } from "../../../src/schemas/templates/check-template.ts";
import { askJinja, type TemplateAnswer } from "../../domain/templates/jinja-oracle.ts";
import { missing } from "../../support/require.ts";

const loop = (inner: string) => `{% for a in b %}${inner}{% endfor %}`;

const templates = [
  ...["", "plain", "one\n", "{{ a }}", "{{ 'a' 'b' }}", "{{ a.b['c'].0(d, *e, f=g, **h) }}", "{# a #}{{ b }}"],
  ...["{{", "{{ a", "{{ }}", "{{ a b }}", "{{ a | }}", "{{ a | b.c(d) }}", "{{ a is }}", "{{ a is b c }}"],
  ...["{{ a is b is c }}", "{{ a is not b }}", "{{ a is divisibleby 3 }}", "{{ a is sameas(b) }}", "{{ a is in [1] }}"],
  ...["{{ (a }}", "{{ a) }}", "{{ [a) }}", "{{ {'a': {}} }}", "{{ {'a'} }}", "{{ {1, 2} }}", "{{ {} }}", "{{ [1,] }}"],
  ...[
    "{{ 1 + }}",
    "{{ + 1 }}",
    "{{ 1 ** 2 ** 3 }}",
    "{{ not }}",
    "{{ not not a }}",
    "{{ a not in b }}",
    "{{ a not b }}",
  ],
  ...["{{ a if b }}", "{{ a if b else }}", "{{ a if b else c if d }}", "{{ a and or b }}", "{{ () }}", "{{ (1,) }}"],
  ...[
    "{{ , }}",
    "{{ a, b }}",
    "{{ a[] }}",
    "{{ a[1:2:3] }}",
    "{{ a[:] }}",
    "{{ a[1,2] }}",
    "{{ a[::,1] }}",
    "{{ a.1 }}",
  ],
  ...[
    "{{ a.'b' }}",
    "{{ a. }}",
    "{{ a(b=1, c) }}",
    "{{ a(*b, *c) }}",
    "{{ a(**b, c=1) }}",
    "{{ a(b,) }}",
    "{{ a(,) }}",
  ],
  ...["{{ 'a }}", "{{ \"a' }}", "{{ $ }}", "{{ é }}", "{{ a² }}", "{{ ☃ }}", "🎉 {{ ! }}", "{{ a ! b }}", "{{ \\ }}"],
  ...["{{ 1_000 }}", "{{ 0x_ff }}", "{{ 0b101 }}", "{{ 0o17 }}", "{{ 1.5e3 }}", "{{ 1e5 }}", "{{ 01 }}", "{{ 1. }}"],
  ...[
    "{{ '\\x4' }}",
    "{{ '\\u12' }}",
    "{{ '\\U00110000' }}",
    "{{ '\\n\\101\\q' }}",
    "{{ a }} }}",
    "}}",
    "%}",
    "{{ a %}",
  ],
  ...["{%", "{% %}", "{% 1 %}", "{% frobnicate %}", "{% endif %}", "{% if %}", "{% if a %}", "{% if a %}b{% endfor %}"],
  ...["{% if a %}b{% elif %}{% endif %}", "{% if a %}{% else %}{% else %}{% endif %}", "{% if a: %}b{% endif %}"],
  ...["{% for %}", "{% for a %}", "{% for a in %}", "{% for a in b %}", "{% for a, b in c %}{% endfor %}"],
  ...["{% for 1 in a %}{% endfor %}", "{% for a.b in c %}{% endfor %}", "{% for a in b if c else %}{% endfor %}"],
  ...["{% for (a, (b, c)) in d recursive %}{{ loop(a) }}{% else %}e{% endfor %}", "{% for none in a %}{% endfor %}"],
  ...["{% for a in b %}{% if c %}{% endfor %}{% endif %}", "{% for a in b %}\n\n{% frobnicate %}{% endfor %}"],
  ...[
    "{% set a %}",
    "{% set a = %}",
    "{% set a = 1 %}",
    "{% set a, b = 1, 2 %}",
    "{% set a.b = 1 %}",
    "{% set 'a' = 1 %}",
  ],
  ...["{% set a | upper %}b{% endset %}", "{% set [a] = b %}", "{% set true = 1 %}", "{% set a() = 1 %}"],
  ...["{% with %}{% endwith %}", "{% with a = 1, b = 2 %}{{ a }}{% endwith %}", "{% with a %}{% endwith %}"],
  ...["{% macro a(b, c=1) %}{% endmacro %}", "{% macro a(b=1, c) %}{% endmacro %}", "{% macro %}{% endmacro %}"],
  ...["{% call a() %}{% endcall %}", "{% call a %}{% endcall %}", "{% call(b) a() %}{{ b }}{% endcall %}"],
  ...["{% filter upper %}a{% endfilter %}", "{% filter %}{% endfilter %}", "{% filter a|b(1) %}{% endfilter %}"],
  ...["{% block a %}{% endblock %}", "{% block a-b %}{% endblock %}", "{% block a required %}b{% endblock a %}"],
  ...["{% block a %}{% endblock b %}", "{% block a scoped %}{% endblock a %}", "{% block %}{% endblock %}"],
  ...["{% autoescape true %}{% endautoescape %}", "{% print a, b %}", "{% print %}", "{% print a b %}"],
  ...["{% extends 'a' %}", "{% extends %}", "{% include 'a' ignore missing with context %}", "{% include %}"],
  ...["{% import 'a' as b %}", "{% import 'a' %}", "{% from 'a' import b as c, d with context %}", "{% from 'a' %}"],
  ...[
    "{% from 'a' import _b %}",
    "{% do a %}",
    "{% raw %}{{ a }}{% endraw %}",
    "{% raw %}",
    "{# a",
    "{#- a -#} {{ b }}",
  ],
  ...[
    "{%- if a -%} b {%- endif -%}",
    "{{- a -}}",
    "{{+ a }}",
    "{%+ if a +%}b{% endif %}",
    "{% raw -%} a {%- endraw %}",
  ],
  ...[
    "a\n{{ b\n c d }}",
    "{{ 'a\nb' }}\n{{ c d }}",
    "{# a\nb #}\n{% c %}",
    "a\r\nb\r{{ c d }}",
    "{% raw %}\n\n{% endraw %}{{ a b }}",
  ],
  ...[
    loop(""),
    loop(loop("")),
    loop(loop(loop(""))),
    loop("").repeat(10),
    loop("").repeat(11),
    loop(loop("")).repeat(6),
  ],
  ...[
    "{% if a %}{% for b in c %}{% if d %}{% for e in f %}{% for g in h %}{% endfor %}{% endfor %}{% endif %}{% endfor %}{% endif %}",
  ],
  ...[
    "{{ a }}{% if b %}{{ c d }}{% endif %}{{ $ }}",
    "{% for a in b %}{{ $ }}",
    "{{ a|b|c('d')|e.f }}",
    "{{ -a.b|c }}",
  ],
];

describe.skipIf(missing("reference-3.9.1"))("templates are read as the reference reads them", () => {
  let answers: readonly TemplateAnswer[] = [];
  beforeAll(async () => {
    answers = await askJinja(templates, {});
  });

  test.each(templates.map((template, index) => [template, index] as const))("%j", (template, index) => {
    const answer = answers[index];
    const expected = answer && "line" in answer ? answer : undefined;

    const problem = findTemplateProblem(template);

    expect(problem && { line: problem.line, message: problem.message }).toEqual(expected);
  });
});

test("a template of many brackets is a problem, not a crash", () => {
  expect(findTemplateProblem(`{{ ${"(".repeat(100_000)} }}`)).toMatchObject({ line: 0 });
});
